package io.sparkvlm.spark.executor;

import java.time.Duration;

/** The engine has computed nothing for a while, although rows are in it: only the end of the process frees its thread. */
public final class StalledEngineException extends RuntimeException {
    StalledEngineException(Duration stallTimeout) {
        super("the engine has computed nothing for " + stallTimeout.toSeconds()
                + " s, which is --engine-stall-timeout, while rows were in it");
    }
}
