package io.sparkvlm.spark.settings;

import java.io.Serializable;
import java.util.Objects;

/** Holds all that the tasks of a job know of its configuration. */
public record InferenceConfig(PreprocessingSettings preprocessing, AnswerSource engine, InFlightLimits inFlight)
        implements Serializable {
    public InferenceConfig {
        Objects.requireNonNull(preprocessing, "preprocessing");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(inFlight, "inFlight");
    }

    /** One whose executors open an engine each. */
    public InferenceConfig(PreprocessingSettings preprocessing, EngineSource engine, InFlightLimits inFlight) {
        this(preprocessing, new AnswerSource.Own(engine), inFlight);
    }

    /** The engine that executors open, for stages that have what no server takes. */
    public EngineSource ownEngine() {
        return engine.fold(own -> own, remote -> {
            throw new IllegalStateException("expected an engine of the executors, found servers");
        });
    }

    /** Allows one row at a time in the engine, for rows that may end their process. */
    public InferenceConfig alone() {
        return new InferenceConfig(preprocessing, engine, inFlight.alone());
    }
}
