package io.sparkvlm.engine.model;

import io.sparkvlm.engine.nn.Attention;
import io.sparkvlm.torch.TensorFactory;
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
    private final Tensor mask; // [sequences, 1, 1, longest]

    DecodeAttention(List<Segment> segments, int blockSizeTokens, TensorFactory factory) {
        this.segments = segments;
        this.rows =
                factory.indices(segments.stream().mapToInt(Segment::firstRow).toArray());
        int longestBlocks = segments.stream()
                .mapToInt(segment -> AttentionPlan.blocksFor(segment, blockSizeTokens))
                .max()
                .orElseThrow();
        int longest = longestBlocks * blockSizeTokens;
        int[] blocks = new int[segments.size() * longestBlocks];
        float[] mask = new float[segments.size() * longest];
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            int[] table = segment.blockTable();
            int own = AttentionPlan.blocksFor(segment, blockSizeTokens);
            System.arraycopy(table, 0, blocks, i * longestBlocks, own);
            // A shorter sequence's last block fills its line up; the mask hides it.
            Arrays.fill(blocks, i * longestBlocks + own, (i + 1) * longestBlocks, table[own - 1]);
            Arrays.fill(mask, i * longest + segment.length(), (i + 1) * longest, Float.NEGATIVE_INFINITY);
        }
        this.sequences = new SequenceView(blocks, blockSizeTokens, factory.indices(blocks));
        this.mask = factory.values(mask).view(segments.size(), 1, 1, longest);
    }

    @Override
    public void attend(Tensor queries, KvCache.Layer cache, Tensor attended) {
        long keyValueHeads = cache.keys().size(1);
        long headSize = queries.size(2);
        Tensor grouped = queries.index_select(0, rows)
                .view(segments.size(), keyValueHeads, -1, headSize); // [sequences, key-value heads, group, head size]
        Tensor result = Attention.masked(grouped, bySequence(cache.keys()), bySequence(cache.values()), mask);
        attended.index_copy_(0, rows, result.reshape(segments.size(), attended.size(1)));
    }

    /** Keys or values, [sequences, key-value heads, longest, head size]. */
    private Tensor bySequence(Tensor cached) {
        return sequences
                .of(cached)
                .view(segments.size(), -1, cached.size(1), cached.size(2))
                .transpose(1, 2);
    }
}
