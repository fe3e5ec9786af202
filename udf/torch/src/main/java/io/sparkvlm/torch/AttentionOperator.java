package io.sparkvlm.torch;

import org.bytedeco.pytorch.Tensor;

/**
 * Scaled dot-product attention in the way that is fastest on its device; the scale is 1 over the root of the head size.
 */
public interface AttentionOperator {
    /**
     * Every query sees every key.
     *
     * @param queries [heads, queries, head size]
     * @param keys [heads, keys, head size]; values likewise
     * @param attended as queries; written
     */
    void full(Tensor queries, Tensor keys, Tensor values, Tensor attended);

    /**
     * The queries stand for the last tokens of the keys; each sees the keys up to its own.
     *
     * @param queries [key-value heads, query heads of each, queries, head size]
     * @param keys [key-value heads, keys, head size]; values likewise
     * @param attended as queries, of any strides; written
     */
    void causal(Tensor queries, Tensor keys, Tensor values, Tensor attended);

    /**
     * The mask is added to the scores: 0 where a query sees a key, minus infinity where not.
     *
     * @param queries [heads, queries, head size]
     * @param keys [heads, keys, head size]; values likewise
     * @param mask broadcast to [heads, queries, keys]
     * @return as queries
     */
    Tensor masked(Tensor queries, Tensor keys, Tensor values, Tensor mask);

    /**
     * The operator for the factory's device and type. The fused kernels of CUDA are for 16-bit types; float32, the type
     * in which answers are compared with others, is computed in the same way on every device.
     */
    static AttentionOperator on(TensorFactory factory) {
        return switch (factory.deviceSpec().kind()) {
            case CPU -> new PartedAttention(factory, PartedAttention.SCORES_IN_CACHE);
            case CUDA ->
                switch (factory.dtype()) {
                    case FLOAT32 -> new PartedAttention(factory, PartedAttention.SCORES_ON_GPU);
                    case BFLOAT16 -> new FusedAttention(factory);
                };
        };
    }
}
