package io.sparkvlm.torch.attention;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.natives.AttentionKernels;
import io.sparkvlm.torch.natives.AttentionKernels.Heads;
import io.sparkvlm.torch.natives.AttentionKernels.Rows;
import io.sparkvlm.torch.natives.AttentionKernels.Sequences;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention in bfloat16 by the project's own kernels, which keep scores in registers. What they do not take is computed as
 * {@link AttentionOperator#byProducts} does.
 */
final class KernelAttention implements AttentionOperator {
    private final AttentionOperator byProducts;

    KernelAttention(TensorFactory factory) {
        this.byProducts = AttentionOperator.byProducts(factory);
    }

    @Override
    public void packed(Tensor queries, Tensor keys, Tensor values, int[] lengths, Tensor attended) {
        if (!areTaken(queries, keys, values, attended)) {
            byProducts.packed(queries, keys, values, lengths, attended);
            return;
        }
        try (TensorScope scope = new TensorScope()) {
            AttentionKernels.attendToAll(
                    rows(queries, 0, 1),
                    rows(keys, 0, 1),
                    rows(values, 0, 1),
                    rows(attended, 0, 1),
                    new Heads((int) keys.size(1), 1, (int) queries.size(2)),
                    KernelSequences.whole(lengths),
                    torch.get_num_threads());
        }
    }

    @Override
    public void full(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        byProducts.full(queries, keys, values, attended);
    }

    @Override
    public void causal(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        byProducts.causal(queries, keys, values, attended);
    }

    @Override
    public Tensor masked(Tensor queries, Tensor keys, Tensor values, Tensor mask) {
        return byProducts.masked(queries, keys, values, mask);
    }

    @Override
    public Optional<PagedAttention> paged(List<PagedSequence> sequences, PagedHeads heads) {
        if (!AttentionKernels.areTaken(heads.size())) {
            return Optional.empty();
        }
        Sequences inBlocks = KernelSequences.inBlocks(sequences, heads.blockSizeTokens());
        return Optional.of((queries, keys, values, attended) -> AttentionKernels.attendUpToOwn(
                rows(queries, 0, 1),
                rows(keys, 1, 0),
                rows(values, 1, 0),
                rows(attended, 0, 1),
                new Heads(heads.keyValues(), heads.group(), heads.size()),
                inBlocks,
                torch.get_num_threads()));
    }

    private static boolean areTaken(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor.stride(2) != 1 || !AttentionKernels.areTaken((int) tensor.size(2))) {
                return false;
            }
        }
        return true;
    }

    private static Rows rows(Tensor tensor, int rowDimension, int headDimension) {
        return new Rows(address(tensor), tensor.stride(rowDimension), tensor.stride(headDimension));
    }
}
