package io.sparkvlm.engine.model;

import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.attention.AttentionOperator;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Several new tokens of one sequence: they see what is cached before them, and each other causally. */
final class ChunkAttention implements AttentionPart {
    private final Segment segment;
    private final SequenceView sequence;
    private final AttentionOperator attention;

    ChunkAttention(Segment segment, int blockSizeTokens, TensorFactory factory, AttentionOperator attention) {
        this.segment = segment;
        int[] blocks = Arrays.copyOf(segment.blockTable(), segment.blocks(blockSizeTokens));
        this.sequence = new SequenceView(blocks, blockSizeTokens, factory.indices(blocks));
        this.attention = attention;
    }

    @Override
    public void attend(Tensor queries, KvCache.Layer cache, Tensor attended) {
        attention.causal(
                grouped(queries, cache),
                sequence.of(cache.keys()).narrow(1, 0, segment.length()),
                sequence.of(cache.values()).narrow(1, 0, segment.length()),
                grouped(attended, cache));
    }

    /** The segment's rows of [rows, heads, head size], as [key-value heads, group, rows, head size]. */
    private Tensor grouped(Tensor heads, KvCache.Layer cache) {
        long keyValueHeads = cache.keys().size(0);
        return heads.narrow(0, segment.firstRow(), segment.rows())
                .transpose(0, 1)
                .unflatten(0, keyValueHeads, heads.size(1) / keyValueHeads);
    }
}
