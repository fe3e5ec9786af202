package io.sparkvlm.torch.attention;

import java.util.List;

/**
 * Sequences that add one token each, as {@code attention.cu} reads them. Those beyond the given ones have no tokens.
 *
 * @param numbers row, tokens, first block, first part of each
 * @param blocks of all of them
 * @param mostParts that one of them has
 * @param keptParts of all of them that wait to be joined: the only one of a sequence is its result
 */
public record GpuSequences(int[] numbers, int[] blocks, int mostParts, int keptParts) {
    /** Numbers of each: Sequence in attention.cu. */
    public static final int NUMBERS = 4;

    private static final int KEYS_OF_PART = 512; // attention.cu

    /**
     * Writes sequences so.
     *
     * @param count of sequences, as many as are given or more
     */
    public static GpuSequences of(List<PagedSequence> sequences, int blockSizeTokens, int count) {
        int[] numbers = new int[NUMBERS * count];
        int firstBlock = 0;
        int firstPart = 0;
        int mostParts = 1;
        for (int i = 0; i < sequences.size(); i++) {
            PagedSequence sequence = sequences.get(i);
            int tokens = sequence.context() + sequence.rows();
            int parts = (tokens + KEYS_OF_PART - 1) / KEYS_OF_PART;
            numbers[NUMBERS * i] = sequence.firstRow();
            numbers[NUMBERS * i + 1] = tokens;
            numbers[NUMBERS * i + 2] = firstBlock;
            numbers[NUMBERS * i + 3] = firstPart;
            firstBlock += sequence.blocksOf(blockSizeTokens);
            firstPart += parts == 1 ? 0 : parts;
            mostParts = Math.max(mostParts, parts);
        }
        return new GpuSequences(numbers, PagedSequence.blockTable(sequences, blockSizeTokens), mostParts, firstPart);
    }
}
