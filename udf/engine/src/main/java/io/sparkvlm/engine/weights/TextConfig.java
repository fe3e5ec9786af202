package io.sparkvlm.engine.weights;

/** The dimensions of the language model. */
public record TextConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        AttentionHeads heads,
        Mrope mrope,
        double rmsNormEpsilon,
        int maxPositionEmbeddings) {

    public TextConfig {
        if (vocabSize < 1 || intermediateSize < 1 || layers < 1 || maxPositionEmbeddings < 1) {
            throw new IllegalArgumentException("expected vocab_size, intermediate_size, num_hidden_layers and"
                    + " max_position_embeddings of at least 1, found " + vocabSize + ", " + intermediateSize + ", "
                    + layers + " and " + maxPositionEmbeddings);
        }
        if (hiddenSize != heads.queries() * heads.size()) {
            throw new IllegalArgumentException("expected hidden_size to be num_attention_heads x head size, found "
                    + hiddenSize + " and " + heads);
        }
        if (!(rmsNormEpsilon > 0)) {
            throw new IllegalArgumentException("expected rms_norm_eps above 0, found " + rmsNormEpsilon);
        }
        if (mrope.frequencies() * 2 != heads.size()) {
            throw new IllegalArgumentException(
                    "expected mrope_section to add up to half a head's " + heads.size() + ", found " + mrope);
        }
    }

    /**
     * How the attention is divided.
     *
     * @param queries query heads
     * @param keyValues key and value heads; each serves {@link #group()} query heads
     * @param size dimension of a head
     */
    public record AttentionHeads(int queries, int keyValues, int size) {
        public AttentionHeads {
            if (queries < 1 || keyValues < 1 || queries % keyValues != 0) {
                throw new IllegalArgumentException("expected num_attention_heads to be a multiple of"
                        + " num_key_value_heads, found " + queries + " and " + keyValues);
            }
            if (size < 2 || size % 2 != 0) {
                throw new IllegalArgumentException("expected an even head size, found " + size);
            }
        }

        public int group() {
            return queries / keyValues;
        }
    }

    /**
     * Which of a head's rotary frequencies follow which axis: first {@code temporal} of them time, then {@code height},
     * then {@code width}.
     */
    public record Mrope(double theta, int temporal, int height, int width) {
        public Mrope {
            if (!(theta > 0) || temporal < 0 || height < 0 || width < 0) {
                throw new IllegalArgumentException("expected rope_theta above 0 and sections of at least 0, found "
                        + theta + " and [" + temporal + ", " + height + ", " + width + "]");
            }
        }

        public int frequencies() {
            return temporal + height + width;
        }
    }
}
