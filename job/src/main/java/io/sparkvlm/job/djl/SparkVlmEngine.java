package io.sparkvlm.job.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.util.passthrough.PassthroughNDManager;
import io.sparkvlm.job.output.Version;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Opens checkpoints for DJL. Its arrays carry requests and answers; it computes none of DJL's operators. */
public final class SparkVlmEngine extends Engine {
    /** What {@code Criteria.optEngine} calls it. */
    public static final String NAME = "SparkVLM";

    /** Above those of DJL's own, the lowest of which is the default engine. */
    static final int RANK = 100;

    SparkVlmEngine() {}

    @Override
    public Engine getAlternativeEngine() {
        return null; // DJL's word for: none
    }

    @Override
    public String getEngineName() {
        return NAME;
    }

    @Override
    public int getRank() {
        return RANK;
    }

    @Override
    public String getVersion() {
        try {
            return Version.text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean hasCapability(String capability) {
        return false;
    }

    @Override
    public Model newModel(String name, Device device) {
        return new SparkVlmModel(name, newBaseManager(device));
    }

    @Override
    public NDManager newBaseManager() {
        return newBaseManager(null);
    }

    @Override
    public NDManager newBaseManager(Device device) {
        return new PassthroughNDManager(this, device);
    }
}
