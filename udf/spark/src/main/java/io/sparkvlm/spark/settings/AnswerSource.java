package io.sparkvlm.spark.settings;

import java.io.Serializable;
import java.util.function.Function;

/** Says what answers the rows: an engine that each executor opens, or servers that run already. */
public interface AnswerSource extends Serializable {
    /** What one of the two makes of it. */
    <T> T fold(Function<EngineSource, T> own, Function<RemoteEngine, T> remote);

    /** Whether servers answer, which take requests as they are and no pictures that are resized. */
    default boolean isRemote() {
        return fold(own -> false, remote -> true);
    }

    /** An engine of each executor. */
    record Own(EngineSource engine) implements AnswerSource {
        @Override
        public <T> T fold(Function<EngineSource, T> own, Function<RemoteEngine, T> remote) {
            return own.apply(engine);
        }
    }

    /** Servers. */
    record Remote(RemoteEngine engine) implements AnswerSource {
        @Override
        public <T> T fold(Function<EngineSource, T> own, Function<RemoteEngine, T> remote) {
            return remote.apply(engine);
        }
    }
}
