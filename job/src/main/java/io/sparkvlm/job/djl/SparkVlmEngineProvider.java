package io.sparkvlm.job.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;

/** Gives DJL the engine; found by ServiceLoader. */
public final class SparkVlmEngineProvider implements EngineProvider {
    /** One for the process, as DJL's own are. */
    private static final Engine ENGINE = new SparkVlmEngine();

    @Override
    public String getEngineName() {
        return SparkVlmEngine.NAME;
    }

    @Override
    public int getEngineRank() {
        return SparkVlmEngine.RANK;
    }

    @Override
    public Engine getEngine() {
        return ENGINE;
    }
}
