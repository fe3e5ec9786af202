package io.sparkvlm.engine.model;

import io.sparkvlm.torch.AttentionOperator;
import io.sparkvlm.torch.PagedSequence;
import io.sparkvlm.torch.TensorFactory;
import java.util.ArrayList;
import java.util.Arrays;
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
        step.segments().forEach(segment -> check(segment, cache));
        this.slots = factory.indices(slots(step, cache.blockSizeTokens()));
        attention
                .paged(sequences(step), cache.blockSizeTokens(), cache.headSize())
                .ifPresentOrElse(
                        paged -> parts.add((queries, layer, attended) ->
                                paged.attend(queries, layer.keys(), layer.values(), attended)),
                        () -> gather(step, cache.blockSizeTokens(), factory, attention));
    }

    private static List<PagedSequence> sequences(StepInput step) {
        return step.segments().stream()
                .map(segment ->
                        new PagedSequence(segment.firstRow(), segment.rows(), segment.context(), segment.blockTable()))
                .toList();
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

    private static void check(Segment segment, KvCache cache) {
        int needed = blocksFor(segment, cache.blockSizeTokens());
        if (segment.blockTable().length < needed) {
            throw new IllegalArgumentException("expected " + needed + " blocks of " + cache.blockSizeTokens()
                    + " tokens for a sequence of " + segment.length() + ", found " + segment.blockTable().length);
        }
        if (Arrays.stream(segment.blockTable()).anyMatch(block -> block < 0 || block >= cache.blocks())) {
            throw new IllegalArgumentException(
                    "expected blocks below " + cache.blocks() + ", found " + Arrays.toString(segment.blockTable()));
        }
    }

    private static int[] slots(StepInput step, int blockSizeTokens) {
        int[] slots = new int[step.rows()];
        for (Segment segment : step.segments()) {
            for (int i = 0; i < segment.rows(); i++) {
                int position = segment.context() + i;
                slots[segment.firstRow() + i] =
                        segment.blockTable()[position / blockSizeTokens] * blockSizeTokens + position % blockSizeTokens;
            }
        }
        return slots;
    }

    static int blocksFor(Segment segment, int blockSizeTokens) {
        return (segment.length() + blockSizeTokens - 1) / blockSizeTokens;
    }
}
