package io.sparkvlm.engine.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Scaled dot-product attention over queries, keys and values of [batch, heads, rows, head size]; the scale is 1 over the
 * root of the head size. Keys and values may be views that repeat a head, so grouped queries cost no copies.
 */
public final class Attention {
    private Attention() {}

    /** Every query sees every key. */
    public static Tensor full(Tensor queries, Tensor keys, Tensor values) {
        return attend(queries, keys, values, new TensorOptional(), false);
    }

    /** Query i sees the keys up to i: both start at the same token. */
    public static Tensor causal(Tensor queries, Tensor keys, Tensor values) {
        return attend(queries, keys, values, new TensorOptional(), true);
    }

    /** As the mask says, which is added to the scores: 0 where a query sees a key, minus infinity where not. */
    public static Tensor masked(Tensor queries, Tensor keys, Tensor values, Tensor mask) {
        return attend(queries, keys, values, new TensorOptional(mask), false);
    }

    private static Tensor attend(Tensor queries, Tensor keys, Tensor values, TensorOptional mask, boolean causal) {
        return torch.scaled_dot_product_attention(
                queries, keys, values, mask, 0.0, causal, new DoubleOptional(), false);
    }
}
