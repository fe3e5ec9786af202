package io.sparkvlm.torch.attention;

import org.bytedeco.pytorch.Tensor;

/** Causal attention of a step's sequences to keys and values that lie in blocks; planned once, for all layers. */
public interface PagedAttention {
    /**
     * Attends and writes the result.
     *
     * @param queries of the whole step, [rows, heads, head size]
     * @param keys [key-value heads, slots, head size], in which the step's own are already; values likewise
     * @param attended of the whole step, as queries; the sequences' rows are written
     */
    void attend(Tensor queries, Tensor keys, Tensor values, Tensor attended);
}
