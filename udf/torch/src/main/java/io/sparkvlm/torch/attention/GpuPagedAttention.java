package io.sparkvlm.torch.attention;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.attention.GpuAttentionKernels.Cache;
import io.sparkvlm.torch.attention.GpuAttentionKernels.Rows;
import io.sparkvlm.torch.attention.GpuAttentionKernels.Sequences;
import io.sparkvlm.torch.gpu.GpuPrograms;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Attention of sequences that add one token each, in bfloat16 on a GPU, by the project's own kernels: a block of threads for each
 * key-value head and 512 keys, whose parts another kernel joins. A sequence's result depends on it alone.
 */
final class GpuPagedAttention implements PagedAttention {
    private final GpuAttentionKernels kernels;
    private final int count;
    private final int mostParts;
    private final Tensor numbers; // int32
    private final Tensor blocks; // int32
    private final Tensor parts; // float32, [parts, query heads, head size + 2]

    private GpuPagedAttention(GpuAttentionKernels kernels, TensorFactory factory, List<PagedSequence> sequences) {
        this.kernels = kernels;
        this.count = sequences.size();
        GpuSequences of = GpuSequences.of(sequences, kernels.heads().blockSizeTokens(), count);
        this.mostParts = of.mostParts();
        Tensor all = factory.integers(IntStream.concat(IntStream.of(of.numbers()), IntStream.of(of.blocks()))
                .toArray());
        this.numbers = all.narrow(0, 0, of.numbers().length);
        this.blocks = all.narrow(0, of.numbers().length, of.blocks().length);
        this.parts = factory.emptyFloats(of.keptParts(), kernels.numbersOfPart());
    }

    /** Empty where sequences add more than one token, or the kernels do not take their heads. */
    static Optional<PagedAttention> of(
            GpuPrograms programs, TensorFactory factory, List<PagedSequence> sequences, PagedHeads heads) {
        if (sequences.stream().anyMatch(sequence -> sequence.rows() != 1)) {
            return Optional.empty();
        }
        return GpuAttentionKernels.of(programs, heads)
                .map(kernels -> new GpuPagedAttention(kernels, factory, sequences));
    }

    @Override
    public void attend(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        kernels.attend(
                new Rows(address(queries), queries.stride(0)),
                new Cache(address(keys), address(values), keys.stride(0)),
                new Sequences(count, address(numbers), address(blocks), mostParts, address(parts)),
                new Rows(address(attended), attended.stride(0)));
    }
}
