package io.sparkvlm.engine.model;

import io.sparkvlm.engine.nn.Attention;
import io.sparkvlm.torch.TensorFactory;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Several new tokens of one sequence: they see what is cached before them, and each other causally. */
final class ChunkAttention implements AttentionPart {
    private final Segment segment;
    private final SequenceView sequence;
    private final Visibility visibility;

    ChunkAttention(Segment segment, int blockSizeTokens, TensorFactory factory) {
        this.segment = segment;
        int[] blocks = Arrays.copyOf(segment.blockTable(), AttentionPlan.blocksFor(segment, blockSizeTokens));
        this.sequence = new SequenceView(blocks, blockSizeTokens, factory.indices(blocks));
        if (segment.context() == 0) {
            this.visibility = Attention::causal;
        } else {
            Tensor mask = mask(segment, factory);
            this.visibility = (queries, keys, values) -> Attention.masked(queries, keys, values, mask);
        }
    }

    /** How queries, keys and values are brought together. */
    private interface Visibility {
        Tensor attend(Tensor queries, Tensor keys, Tensor values);
    }

    @Override
    public void attend(Tensor queries, KvCache.Layer cache, Tensor attended) {
        long keyValueHeads = cache.keys().size(1);
        long headSize = queries.size(2);
        long group = queries.size(1) / keyValueHeads;
        Tensor grouped = queries.narrow(0, segment.firstRow(), segment.rows())
                .view(segment.rows(), keyValueHeads, group, headSize)
                .permute(1, 2, 0, 3); // [key-value heads, group, rows, head size]
        Tensor result = visibility.attend(
                grouped, repeated(cache.keys(), group), repeated(cache.values(), group)); // as grouped
        attended.narrow(0, segment.firstRow(), segment.rows())
                .view(segment.rows(), keyValueHeads, group, headSize)
                .copy_(result.permute(2, 0, 1, 3));
    }

    /** The sequence's keys or values, [key-value heads, group, length, head size], one head shown to its whole group. */
    private Tensor repeated(Tensor cached, long group) {
        return sequence.of(cached)
                .narrow(0, 0, segment.length())
                .transpose(0, 1)
                .unsqueeze(1)
                .expand(cached.size(1), group, segment.length(), cached.size(2));
    }

    /** [rows, length]: row i sees the context and the new tokens up to itself. */
    private static Tensor mask(Segment segment, TensorFactory factory) {
        float[] mask = new float[segment.rows() * segment.length()];
        for (int row = 0; row < segment.rows(); row++) {
            int start = row * segment.length();
            Arrays.fill(mask, start + segment.context() + row + 1, start + segment.length(), Float.NEGATIVE_INFINITY);
        }
        return factory.values(mask).view(segment.rows(), segment.length());
    }
}
