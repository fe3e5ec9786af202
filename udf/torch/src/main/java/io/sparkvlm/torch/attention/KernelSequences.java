package io.sparkvlm.torch.attention;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.natives.AttentionKernels;
import io.sparkvlm.torch.natives.AttentionKernels.Sequences;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Writes sequences as the project's own kernels read them, into memory that lives as long as the caller's scope. */
public final class KernelSequences {
    private KernelSequences() {}

    /** Sequences whose rows, keys and values lie one sequence after the other. */
    static Sequences whole(int[] lengths) {
        int[] numbers = new int[lengths.length * AttentionKernels.NUMBERS_OF_SEQUENCE];
        int row = 0;
        for (int i = 0; i < lengths.length; i++) {
            write(numbers, i, row, lengths[i], 0, row, 0);
            row += lengths[i];
        }
        return new Sequences(address(Tensor.create(numbers, numbers.length)), lengths.length, 0, 0);
    }

    /** Sequences whose keys and values lie in blocks of a cache. */
    public static Sequences inBlocks(List<PagedSequence> sequences, int blockSizeTokens) {
        int[] numbers = new int[sequences.size() * AttentionKernels.NUMBERS_OF_SEQUENCE];
        int firstBlock = 0;
        for (int i = 0; i < sequences.size(); i++) {
            PagedSequence sequence = sequences.get(i);
            write(numbers, i, sequence.firstRow(), sequence.rows(), sequence.context(), 0, firstBlock);
            firstBlock += sequence.blocksOf(blockSizeTokens);
        }
        int[] blocks = PagedSequence.blockTable(sequences, blockSizeTokens);
        return new Sequences(
                address(Tensor.create(numbers, numbers.length)),
                sequences.size(),
                address(Tensor.create(blocks, blocks.length)),
                blockSizeTokens);
    }

    private static void write(
            int[] numbers, int sequence, int firstRow, int rows, int context, int firstKey, int firstBlock) {
        int at = sequence * AttentionKernels.NUMBERS_OF_SEQUENCE;
        numbers[at] = firstRow;
        numbers[at + 1] = rows;
        numbers[at + 2] = context;
        numbers[at + 3] = firstKey;
        numbers[at + 4] = firstBlock;
    }
}
