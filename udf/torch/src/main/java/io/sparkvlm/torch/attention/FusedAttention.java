package io.sparkvlm.torch.attention;

import io.sparkvlm.torch.TensorFactory;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention by libtorch's scaled_dot_product_attention, which on CUDA runs a kernel that keeps no scores: flash attention
 * where there is no mask, the memory-efficient one where there is. Sequences that add one token each are the project's own kernels'.
 */
final class FusedAttention implements AttentionOperator {
    private static final double NO_DROPOUT = 0;

    private final TensorFactory factory;
    private final PartedAttention parted;

    FusedAttention(TensorFactory factory) {
        // cuDNN's kernel would be preferred on Hopper and later; it plans anew for each length of a prompt and keeps
        // the plan.
        torch.globalContext().setSDPUseCuDNN(false);
        this.factory = factory;
        this.parted = new PartedAttention(factory, PartedAttention.SCORES_ON_GPU);
    }

    @Override
    public void full(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        Tensor result =
                attend(queries.unsqueeze(0), keys.unsqueeze(0), values.unsqueeze(0), new TensorOptional(), false);
        attended.copy_(result.squeeze(0));
    }

    /** Key-value heads stand where a batch would, so that a group's query heads read one copy of keys and values. */
    @Override
    public void causal(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        long group = queries.size(1);
        long rows = queries.size(2);
        // libtorch's causal mask starts at the first key: it is the one meant here only where nothing is before it.
        boolean nothingBefore = rows == keys.size(1);
        TensorOptional mask =
                nothingBefore ? new TensorOptional() : new TensorOptional(factory.causalMask(rows, keys.size(1)));
        attended.copy_(attend(queries, shared(keys, group), shared(values, group), mask, nothingBefore));
    }

    /** For a query of each sequence: kernels that keep no scores have nothing to spare. */
    @Override
    public Tensor masked(Tensor queries, Tensor keys, Tensor values, Tensor mask) {
        return parted.masked(queries, keys, values, mask);
    }

    @Override
    public Optional<PagedAttention> paged(List<PagedSequence> sequences, PagedHeads heads) {
        return factory.gpu().flatMap(gpu -> GpuPagedAttention.of(gpu, factory, sequences, heads));
    }

    /** [key-value heads, keys, head size] as [key-value heads, group, keys, head size], without a copy. */
    private static Tensor shared(Tensor heads, long group) {
        return heads.unsqueeze(1).expand(heads.size(0), group, heads.size(1), heads.size(2));
    }

    private static Tensor attend(Tensor queries, Tensor keys, Tensor values, TensorOptional mask, boolean causal) {
        return torch.scaled_dot_product_attention(
                queries, keys, values, mask, NO_DROPOUT, causal, new DoubleOptional(), false);
    }
}
