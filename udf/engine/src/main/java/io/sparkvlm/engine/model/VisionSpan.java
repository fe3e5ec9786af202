package io.sparkvlm.engine.model;

import org.bytedeco.pytorch.Tensor;

/**
 * Rows [firstRow, firstRow + count) of a step take the embeddings [from, from + count).
 *
 * @param embeddings what {@link Qwen2Vl#encodeVision} gave; the caller's, who keeps it until the step is done
 */
public record VisionSpan(int firstRow, Tensor embeddings, int from, int count) {
    public VisionSpan {
        if (firstRow < 0 || from < 0 || count < 1 || from + count > embeddings.size(0)) {
            throw new IllegalArgumentException("expected rows of the " + embeddings.size(0) + " embeddings, found "
                    + count + " from " + from + " for row " + firstRow);
        }
    }
}
