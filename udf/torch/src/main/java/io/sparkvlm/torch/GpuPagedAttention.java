package io.sparkvlm.torch;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.natives.GpuProgram;
import io.sparkvlm.torch.natives.GpuProgram.Grid;
import io.sparkvlm.torch.natives.GpuPrograms;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Attention of sequences that add one token each, in bfloat16 on a GPU, by the project's own kernels: a block of threads for each
 * key-value head and 512 keys, whose parts another kernel joins. A sequence's result depends on it alone.
 */
final class GpuPagedAttention implements PagedAttention {
    // attention.cu
    private static final int THREADS = 256;
    private static final int KEYS_OF_PART = 512;
    private static final int PACK = 8;
    private static final int MOST_HEAD_SIZE = 256;
    private static final int WARPS = 8;
    private static final int NUMBERS = 4; // row, tokens, first block, first part: Sequence
    /** What every GPU gives a block of threads without being asked. */
    private static final int SHARED_BYTES = 48 << 10;

    private static final double LOG2_E = 1 / Math.log(2);
    private static final int JOINING_THREADS = 128;

    private final GpuProgram kernels;
    private final PagedHeads heads;
    private final int sequences;
    private final int mostParts;
    private final Tensor numbers; // int32: what a sequence is, NUMBERS of each; then all blocks
    private final Tensor parts; // float32, [parts, query heads, head size + 2]: of sequences that have several

    private GpuPagedAttention(
            GpuProgram kernels, TensorFactory factory, List<PagedSequence> sequences, PagedHeads heads) {
        this.kernels = kernels;
        this.heads = heads;
        this.sequences = sequences.size();
        this.mostParts =
                sequences.stream().mapToInt(GpuPagedAttention::parts).max().orElseThrow();
        this.numbers = factory.integers(numbers(sequences, heads.blockSizeTokens()));
        this.parts = factory.emptyFloats(
                sequences.stream().mapToLong(GpuPagedAttention::keptParts).sum(), heads.queries(), heads.size() + 2L);
    }

    /** Empty where sequences add more than one token, or the kernels do not take their heads. */
    static Optional<PagedAttention> of(
            GpuPrograms programs, TensorFactory factory, List<PagedSequence> sequences, PagedHeads heads) {
        if (sequences.stream().anyMatch(sequence -> sequence.rows() != 1) || !areTaken(heads)) {
            return Optional.empty();
        }
        Map<String, Integer> constants =
                Map.of("HEAD_SIZE", heads.size(), "GROUP", heads.group(), "BLOCK_TOKENS", heads.blockSizeTokens());
        return programs.program("attention", constants)
                .map(kernels -> new GpuPagedAttention(kernels, factory, sequences, heads));
    }

    private static boolean areTaken(PagedHeads heads) {
        if (heads.size() % PACK != 0 || heads.size() > MOST_HEAD_SIZE) {
            return false;
        }
        int query = Integer.highestOneBit(2 * heads.size() - 1); // filled up to a power of two
        return heads.group() * Float.BYTES * (query + WARPS * (heads.size() + 2)) <= SHARED_BYTES;
    }

    private static int tokens(PagedSequence sequence) {
        return sequence.context() + sequence.rows();
    }

    private static int parts(PagedSequence sequence) {
        return (tokens(sequence) + KEYS_OF_PART - 1) / KEYS_OF_PART;
    }

    /** Parts that wait to be joined: the only one of a sequence is its result. */
    private static int keptParts(PagedSequence sequence) {
        return parts(sequence) == 1 ? 0 : parts(sequence);
    }

    private static int[] numbers(List<PagedSequence> sequences, int blockSizeTokens) {
        int blocks = sequences.stream()
                .mapToInt(sequence -> sequence.blocksOf(blockSizeTokens))
                .sum();
        int firstBlock = 0;
        int firstPart = 0;
        int[] numbers = new int[NUMBERS * sequences.size() + blocks];
        for (int i = 0; i < sequences.size(); i++) {
            PagedSequence sequence = sequences.get(i);
            int own = sequence.blocksOf(blockSizeTokens);
            numbers[NUMBERS * i] = sequence.firstRow();
            numbers[NUMBERS * i + 1] = tokens(sequence);
            numbers[NUMBERS * i + 2] = firstBlock;
            numbers[NUMBERS * i + 3] = firstPart;
            System.arraycopy(sequence.blocks(), 0, numbers, NUMBERS * sequences.size() + firstBlock, own);
            firstBlock += own;
            firstPart += keptParts(sequence);
        }
        return numbers;
    }

    @Override
    public void attend(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        long[] arguments = {
            address(queries),
            queries.stride(0),
            address(keys),
            address(values),
            keys.stride(0) / PACK,
            address(attended),
            attended.stride(0),
            address(numbers),
            address(numbers) + (long) NUMBERS * Integer.BYTES * sequences,
            address(parts),
            Double.doubleToRawLongBits(LOG2_E / Math.sqrt(heads.size()))
        };
        kernels.launch("attendToPart", new Grid(heads.keyValues(), sequences, mostParts), THREADS, arguments);
        if (mostParts > 1) {
            kernels.launch("joinParts", new Grid(heads.queries(), sequences, 1), JOINING_THREADS, arguments);
        }
    }
}
