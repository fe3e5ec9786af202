package io.sparkvlm.engine.model;

import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.attention.AttentionOperator;
import io.sparkvlm.torch.attention.PagedAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;

/**
 * Says where in the cache each row of a step writes, and what it sees. Made once a step and used by every layer.
 *
 * <p>A kernel reads all sequences at once where they lie, or those that add one token. Where there is none, sequences of like
 * length that add one token are gathered together, for one operator; one that adds more is gathered alone.
 */
final class AttentionPlan {
    /** Below that, one operator for all costs less than what it reads in vain. */
    private static final int SHORT_TOKENS = 256;

    private final Tensor slots; // int64, [rows]: where each row's key and value go
    private final List<AttentionPart> parts = new ArrayList<>();

    AttentionPlan(StepInput step, KvCache cache, TensorFactory factory, AttentionOperator attention) {
        this.slots = factory.indices(cache.slots(step));
        if (readsWhereTheyLie(step.segments(), cache, attention)) {
            return;
        }
        Map<Boolean, List<Segment>> byTokens =
                step.segments().stream().collect(Collectors.partitioningBy(segment -> segment.rows() == 1));
        int blockSizeTokens = cache.blockSizeTokens();
        byTokens.get(false)
                .forEach(longer -> parts.add(new ChunkAttention(longer, blockSizeTokens, factory, attention)));
        List<Segment> ofOneToken = byTokens.get(true);
        if (!readsWhereTheyLie(ofOneToken, cache, attention)) {
            ofOneToken.stream()
                    .collect(Collectors.groupingBy(AttentionPlan::lengthClass, TreeMap::new, Collectors.toList()))
                    .values()
                    .forEach(alike -> parts.add(new DecodeAttention(alike, blockSizeTokens, factory, attention)));
        }
    }

    /** Whether a kernel does, which is a part then. */
    private boolean readsWhereTheyLie(List<Segment> segments, KvCache cache, AttentionOperator attention) {
        if (segments.isEmpty()) {
            return true;
        }
        Optional<PagedAttention> paged =
                attention.paged(segments.stream().map(Segment::inBlocks).toList(), cache.heads());
        paged.ifPresent(kernel -> parts.add(
                (queries, layer, attended) -> kernel.attend(queries, layer.keys(), layer.values(), attended)));
        return paged.isPresent();
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
