package io.sparkvlm.spark.settings;

import java.io.Serializable;
import java.util.function.Function;

/** Says what answers the rows: an engine that each executor opens, or servers that run already. */
public interface AnswerSource extends Serializable {
    /** What one of the two makes of it. */
    <T> T fold(Function<EngineSource, T> own, Function<RemoteEngine, T> remote);
}
