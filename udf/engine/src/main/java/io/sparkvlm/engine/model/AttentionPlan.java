package io.sparkvlm.engine.model;

import io.sparkvlm.torch.AttentionOperator;
import io.sparkvlm.torch.TensorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Says where in the cache each row of a step writes, and what it sees. Made once a step and used by every layer.
 *
 * <p>A kernel reads all sequences at once where they lie. Where there is none, sequences of like length that add one token
 * are gathered together, for one operator; one that adds more is gathered alone.
 */
final class AttentionPlan {
    /** Below that, one operator for all costs less than what it reads in vain. */
    private static final int SHORT_TOKENS = 256;

    private final Tensor slots; // int64, [rows]: where each row's key and value go
    private final List<AttentionPart> parts = new ArrayList<>();

    AttentionPlan(StepInput step, KvCache cache, TensorFactory factory, AttentionOperator attention) {
        this.slots = factory.indices(cache.slots(step));
        attention
                .paged(step.sequences(), cache.blockSizeTokens(), cache.headSize())
                .ifPresentOrElse(
                        paged -> parts.add((queries, layer, attended) ->
                                paged.attend(queries, layer.keys(), layer.values(), attended)),
                        () -> gather(step, cache.blockSizeTokens(), factory, attention));
    }

    private void gather(StepInput step, int blockSizeTokens, TensorFactory factory, AttentionOperator attention) {
        Map<Integer, List<Segment>> single = new TreeMap<>();
        for (Segment segment : step.segments()) {
            if (segment.rows() == 1) {
                single.computeIfAbsent(lengthClass(segment), length -> new ArrayList<>())
                        .add(segment);
            } else {
                parts.add(new ChunkAttention(segment, blockSizeTokens, factory, attention));
            }
        }
        single.values().forEach(alike -> parts.add(new DecodeAttention(alike, blockSizeTokens, factory, attention)));
    }

    /** Sequences read together are read as if all were as long as the longest: at most twice their own length. */
    private static int lengthClass(Segment segment) {
        return Math.max(SHORT_TOKENS, Integer.highestOneBit(segment.length()));
    }

    Tensor slots() {
        return slots;
    }

    List<AttentionPart> parts() {
        return parts;
    }
}
