package io.sparkvlm.engine.model;

import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.attention.AttentionOperator;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * One new token of each of several sequences: it sees all of its own. The query heads that share a key-value head stand
 * where rows would, so keys and values are read once for the whole group.
 */
final class DecodeAttention implements AttentionPart {
    private final List<Segment> segments;
    private final Tensor rows; // int64, [sequences]
    private final SequenceView sequences;
    private final Tensor mask; // [sequences, 1, longest]
    private final AttentionOperator attention;

    DecodeAttention(List<Segment> segments, int blockSizeTokens, TensorFactory factory, AttentionOperator attention) {
        this.segments = segments;
        this.rows =
                factory.indices(segments.stream().mapToInt(Segment::firstRow).toArray());
        int longestBlocks = segments.stream()
                .mapToInt(segment -> segment.blocks(blockSizeTokens))
                .max()
                .orElseThrow();
        int longest = longestBlocks * blockSizeTokens;
        int[] blocks = new int[segments.size() * longestBlocks];
        float[] mask = new float[segments.size() * longest];
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            int[] table = segment.blockTable();
            int own = segment.blocks(blockSizeTokens);
            System.arraycopy(table, 0, blocks, i * longestBlocks, own);
            // A shorter sequence's last block fills its line up; the mask hides it.
            Arrays.fill(blocks, i * longestBlocks + own, (i + 1) * longestBlocks, table[own - 1]);
            Arrays.fill(mask, i * longest + segment.length(), (i + 1) * longest, Float.NEGATIVE_INFINITY);
        }
        this.sequences = new SequenceView(blocks, blockSizeTokens, factory.indices(blocks));
        this.mask = factory.values(mask).view(segments.size(), 1, longest);
        this.attention = attention;
    }

    @Override
    public void attend(Tensor queries, KvCache.Layer cache, Tensor attended) {
        long heads = cache.keys().size(0);
        long group = queries.size(1) / heads;
        long size = queries.size(2);
        long count = segments.size();
        Tensor grouped = queries.index_select(0, rows)
                .view(count, heads, group, size)
                .transpose(0, 1)
                .reshape(heads * count, group, size); // as keys below: head by head, in it sequence by sequence
        Tensor result = attention.masked(
                grouped,
                sequences.of(cache.keys()).reshape(heads * count, -1, size),
                sequences.of(cache.values()).reshape(heads * count, -1, size),
                mask.repeat(heads, 1, 1)); // [key-value heads x sequences, group, head size]
        attended.index_copy_(
                0, rows, result.view(heads, count, group, size).transpose(0, 1).reshape(count, heads * group, size));
    }
}
