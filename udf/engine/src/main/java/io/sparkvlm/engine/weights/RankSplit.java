package io.sparkvlm.engine.weights;

import io.sparkvlm.engine.safetensors.WeightPart;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.torch.quantization.Packing;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says what part of the language model one rank of several holds, after Megatron-LM (Shoeybi et al. 2019, figure 3): of the
 * projections before attention and of the MLP's first the rows of its heads and inner units, of those after them the same
 * columns, so that the ranks' products add up to the layer's output; of the embeddings and the output head its part of the
 * vocabulary. Norms are whole in each rank; the vision tower is whole in rank 0.
 *
 * @param text of the whole model
 * @param rank from 0
 */
public record RankSplit(TextConfig text, int rank, int ranks) {
    private static final Pattern OF_QUERIES = Pattern.compile(".*\\.self_attn\\.q_proj\\.(weight|bias)");
    private static final Pattern OF_KEYS_AND_VALUES = Pattern.compile(".*\\.self_attn\\.[kv]_proj\\.(weight|bias)");
    private static final Pattern AFTER_ATTENTION = Pattern.compile(".*\\.self_attn\\.o_proj\\.weight");
    private static final Pattern FIRST_OF_MLP = Pattern.compile(".*\\.mlp\\.(gate|up)_proj\\.weight");
    private static final Pattern LAST_OF_MLP = Pattern.compile(".*\\.mlp\\.down_proj\\.weight");
    private static final Pattern OF_VOCABULARY = Pattern.compile("model\\.embed_tokens\\.weight|lm_head\\.weight");

    /**
     * Judges the division.
     *
     * @throws IllegalArgumentException naming the dimension that cannot be divided so
     */
    public RankSplit {
        if (ranks < 1 || rank < 0 || rank >= ranks) {
            throw new IllegalArgumentException("expected a rank below " + ranks + ", found " + rank);
        }
        requireDivides("num_attention_heads", text.heads().queries(), ranks);
        int keyValues = text.heads().keyValues();
        if (keyValues % ranks != 0 && ranks % keyValues != 0) {
            throw new IllegalArgumentException("expected tensor-parallel-size " + ranks
                    + " to divide num_key_value_heads or to be a multiple of it, found " + keyValues);
        }
        requireDivides("intermediate_size", text.intermediateSize(), ranks);
    }

    /** The one rank of a model that is not split. */
    public static RankSplit none(TextConfig text) {
        return new RankSplit(text, 0, 1);
    }

    private static void requireDivides(String dimension, int size, int ranks) {
        if (size % ranks != 0) {
            throw new IllegalArgumentException(
                    "expected tensor-parallel-size " + ranks + " to divide " + dimension + ", found " + size);
        }
    }

    /**
     * Refuses to cut matrices that were published quantized within an integer of codes.
     *
     * @throws IllegalArgumentException naming the dimension that would be
     */
    void requireHolds(Packing packing) {
        long queries = (long) heads().queries() * heads().size();
        long keys = (long) heads().keyValues() * heads().size();
        long inner = text.intermediateSize() / ranks;
        if (!packing.holdsOutputs(queries) || !packing.holdsOutputs(keys) || !packing.holdsInputs(queries)) {
            throw cuts("num_attention_heads", queries);
        }
        if (!packing.holdsOutputs(inner) || !packing.holdsInputs(inner)) {
            throw cuts("intermediate_size", inner);
        }
    }

    private IllegalArgumentException cuts(String what, long part) {
        return new IllegalArgumentException(
                "expected a tensor-parallel-size that cuts no integer of a checkpoint that is quantized, found " + ranks
                        + ", with parts of " + part + " (" + what + ")");
    }

    /** The heads of one rank. Of fewer key-value heads than ranks, several ranks hold the same. */
    public AttentionHeads heads() {
        AttentionHeads all = text.heads();
        return new AttentionHeads(all.queries() / ranks, Math.max(1, all.keyValues() / ranks), all.size());
    }

    /** The first token id of this rank's part of the vocabulary. */
    public int firstToken() {
        return firstTokenOf(rank);
    }

    /** The token id after the last of this rank's part. */
    public int endToken() {
        return firstTokenOf(rank + 1);
    }

    /** Parts differ by one where the vocabulary cannot be divided: 151,936 by 3. */
    private int firstTokenOf(int any) {
        return (int) ((long) text.vocabSize() * any / ranks);
    }

    /** This rank's part of a weight; empty where it holds the whole. */
    Optional<WeightPart> part(String name) {
        if (ranks == 1) {
            return Optional.empty();
        }
        AttentionHeads own = heads();
        long queries = (long) own.queries() * own.size();
        long keys = (long) own.keyValues() * own.size();
        long inner = text.intermediateSize() / ranks;
        if (OF_QUERIES.matcher(name).matches()) {
            return Optional.of(new WeightPart(0, rank * queries, queries));
        }
        if (OF_KEYS_AND_VALUES.matcher(name).matches()) {
            long firstHead = (long) rank * text.heads().keyValues() / ranks;
            return Optional.of(new WeightPart(0, firstHead * own.size(), keys));
        }
        if (AFTER_ATTENTION.matcher(name).matches()) {
            return Optional.of(new WeightPart(1, rank * queries, queries));
        }
        if (FIRST_OF_MLP.matcher(name).matches()) {
            return Optional.of(new WeightPart(0, rank * inner, inner));
        }
        if (LAST_OF_MLP.matcher(name).matches()) {
            return Optional.of(new WeightPart(1, rank * inner, inner));
        }
        if (OF_VOCABULARY.matcher(name).matches()) {
            return Optional.of(new WeightPart(0, firstToken(), endToken() - firstToken()));
        }
        return Optional.empty();
    }
}
