package io.sparkvlm.bench;

/**
 * The dimensions of a Qwen2-VL model; the names are those of config.json.
 *
 * @param visionWidth vision_config.embed_dim
 */
public record Dimensions(
        int hiddenSize,
        int layers,
        int heads,
        int keyValueHeads,
        int intermediateSize,
        int vocabSize,
        int visionDepth,
        int visionWidth,
        int visionHeads) {
    /** Qwen/Qwen2-VL-2B-Instruct, config.json. */
    private static final Dimensions QWEN2_VL_2B = new Dimensions(1536, 28, 12, 2, 8960, 151936, 32, 1280, 16);

    /** A model whose steps take milliseconds: overheads show. */
    private static final Dimensions SMALL = new Dimensions(512, 8, 8, 2, 2048, 151936, 8, 320, 8);

    public static Dimensions parse(String name) {
        return switch (name) {
            case "2b" -> QWEN2_VL_2B;
            case "small" -> SMALL;
            default -> throw new IllegalArgumentException("expected dims 2b or small, found \"" + name + "\"");
        };
    }

    public int headSize() {
        return hiddenSize / heads;
    }

    /** Weights that a decode step reads: all of the language model, the tied head included. */
    public long languageModelWeights() {
        long attention =
                (long) hiddenSize * (hiddenSize + 2L * keyValueHeads * headSize()) + (long) hiddenSize * hiddenSize;
        long mlp = 3L * hiddenSize * intermediateSize;
        return layers * (attention + mlp) + (long) vocabSize * hiddenSize;
    }
}
