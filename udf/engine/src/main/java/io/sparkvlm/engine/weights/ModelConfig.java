package io.sparkvlm.engine.weights;

/** The dimensions of a Qwen2-VL model, as its config.json gives them. */
public record ModelConfig(TextConfig text, VisionConfig vision, OutputHead outputHead) {
    /** Where the weights that turn hidden states into logits come from. */
    public enum OutputHead {
        TIED_TO_EMBEDDINGS,
        SEPARATE
    }

    public ModelConfig {
        if (vision.outputSize() != text.hiddenSize()) {
            throw new IllegalArgumentException("expected vision_config.hidden_size to be the text's "
                    + text.hiddenSize() + ", found " + vision.outputSize());
        }
    }

    public int vocabSize() {
        return text.vocabSize();
    }

    public int hiddenSize() {
        return text.hiddenSize();
    }

    public int maxPositionEmbeddings() {
        return text.maxPositionEmbeddings();
    }
}
