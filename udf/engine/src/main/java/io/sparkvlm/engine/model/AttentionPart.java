package io.sparkvlm.engine.model;

import org.bytedeco.pytorch.Tensor;

/** Some rows of a step that attend together. */
interface AttentionPart {
    /**
     * Attends and writes the result.
     *
     * @param queries of the whole step, [rows, heads, head size]
     * @param cache in which the step's own keys and values are already
     * @param attended of the whole step, as queries; this part's rows are written
     */
    void attend(Tensor queries, KvCache.Layer cache, Tensor attended);
}
