package io.sparkvlm.torch.attention;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.AttentionKernels;
import java.util.List;
import java.util.Optional;
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
     * Sequences lie one after the other; every query sees every key of its own sequence.
     *
     * @param queries [rows, heads, head size], of any strides; keys and values likewise
     * @param lengths rows of each sequence, 0 too
     * @param attended as queries; written
     */
    default void packed(Tensor queries, Tensor keys, Tensor values, int[] lengths, Tensor attended) {
        int row = 0;
        for (int length : lengths) {
            if (length > 0) {
                try (TensorScope scope = new TensorScope()) {
                    full(
                            headByHead(queries, row, length),
                            headByHead(keys, row, length),
                            headByHead(values, row, length),
                            headByHead(attended, row, length));
                }
            }
            row += length;
        }
    }

    /** Rows of [rows, heads, head size], as [heads, rows, head size]. */
    private static Tensor headByHead(Tensor packed, int row, int rows) {
        return packed.narrow(0, row, rows).transpose(0, 1);
    }

    /**
     * Attention to keys and values where they lie in a cache; empty where they must be gathered for another of these
     * operators. For the caller's scope.
     *
     * @param sequences at least one
     */
    default Optional<PagedAttention> paged(List<PagedSequence> sequences, PagedHeads heads) {
        return Optional.empty();
    }

    /**
     * The operator for the factory's device and type. Own kernels and the fused ones of CUDA are for 16-bit types; float32, the type
     * in which answers are compared with others, is computed in the same way on every device.
     */
    static AttentionOperator on(TensorFactory factory) {
        return switch (factory.deviceSpec().kind()) {
            case CPU ->
                factory.dtype() == DType.BFLOAT16 && AttentionKernels.attendInBfloat16()
                        ? new KernelAttention(factory)
                        : byProducts(factory);
            case CUDA ->
                switch (factory.dtype()) {
                    case FLOAT32 -> new PartedAttention(factory, PartedAttention.SCORES_ON_GPU);
                    case BFLOAT16 -> new FusedAttention(factory);
                };
        };
    }

    /** What the operator for such a device and type keeps of scores at most, in bytes. */
    static long scoreBytes(DeviceSpec device, DType dtype) {
        boolean fused = dtype == DType.BFLOAT16;
        return switch (device.kind()) {
            case CPU -> Float.BYTES * PartedAttention.SCORES_IN_CACHE;
            case CUDA -> fused ? 0 : Float.BYTES * PartedAttention.SCORES_ON_GPU;
        };
    }

    /** libtorch's products of matrices, which run on every CPU: other ways are compared with it. */
    static AttentionOperator byProducts(TensorFactory factory) {
        return new PartedAttention(factory, PartedAttention.SCORES_IN_CACHE);
    }
}
