package io.sparkvlm.engine.weights;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.ConfigNode;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.engine.weights.TextConfig.Mrope;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Reads a model's dimensions. What this engine does not compute is refused here, by the field's name, and never computed
 * as something else. Defaults are transformers' (configuration_qwen2_vl.py).
 */
public final class ModelConfigReader {
    private final CheckpointConfig config;

    private ModelConfigReader(CheckpointConfig config) {
        this.config = config;
    }

    /**
     * The dimensions that the configuration names.
     *
     * @throws CheckpointException when a field is missing, is not what it should be, or asks for what is not computed
     */
    public static ModelConfig read(CheckpointConfig config) throws IOException {
        return new ModelConfigReader(config).read();
    }

    private ModelConfig read() throws IOException {
        ConfigNode root = config.root();
        root.requireOneOf("model_type", Set.of("qwen2_vl"));
        try {
            return new ModelConfig(text(config.text()), vision(config.vision()), outputHead(root, config.text()));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(root.file(), e.getMessage(), e);
        }
    }

    private TextConfig text(ConfigNode text) throws CheckpointException {
        text.optionallyOneOf("hidden_act", Set.of("silu"));
        refuseSlidingWindow(text);
        int hiddenSize = text.integer("hidden_size");
        int heads = text.integer("num_attention_heads");
        if (heads < 1) {
            throw text.fault("num_attention_heads", "at least 1", String.valueOf(heads));
        }
        int headSize = text.integer("head_dim", hiddenSize / heads);
        return new TextConfig(
                config.vocabularySize(),
                hiddenSize,
                text.integer("intermediate_size"),
                text.integer("num_hidden_layers"),
                new AttentionHeads(heads, text.integer("num_key_value_heads", heads), headSize),
                mrope(text),
                text.decimal("rms_norm_eps", 1e-5),
                config.contextTokens());
    }

    private static void refuseSlidingWindow(ConfigNode text) throws CheckpointException {
        if (text.flag("use_sliding_window", false)) {
            throw text.fault("use_sliding_window", "false: only full attention is computed", "true");
        }
        for (JsonNode type : text.node("layer_types")) {
            if (!type.asText().equals("full_attention")) {
                throw text.fault("layer_types", "full_attention in every layer", type.toString());
            }
        }
    }

    /** rope_parameters is transformers 5's field, rope_scaling beside rope_theta the published one. */
    private static Mrope mrope(ConfigNode text) throws CheckpointException {
        ConfigNode rope = text.child(text.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        Set<String> kinds = Set.of("mrope", "default");
        rope.optionallyOneOf("type", kinds);
        rope.optionallyOneOf("rope_type", kinds);
        List<Integer> sections = rope.integers("mrope_section");
        if (sections.size() != 3) {
            throw rope.fault("mrope_section", "three integers", sections.toString());
        }
        double theta = rope.decimal("rope_theta", text.decimal("rope_theta", 1e6));
        return new Mrope(theta, sections.get(0), sections.get(1), sections.get(2));
    }

    private VisionConfig vision(ConfigNode vision) throws IOException {
        vision.optionallyOneOf("hidden_act", Set.of("quick_gelu"));
        double theta = 10000;
        if (vision.has("rope_parameters")) {
            ConfigNode rope = vision.child("rope_parameters");
            rope.optionallyOneOf("rope_type", Set.of("axial", "default"));
            theta = rope.decimal("rope_theta", theta);
        }
        int width = vision.integer("embed_dim", 1280);
        double mlpWidth = width * vision.decimal("mlp_ratio", 4);
        if (mlpWidth != Math.rint(mlpWidth)) {
            throw vision.fault("mlp_ratio", "a ratio that gives a whole width", String.valueOf(mlpWidth / width));
        }
        return new VisionConfig(
                vision.integer("depth", 32),
                width,
                vision.integer("num_heads", 16),
                (int) mlpWidth,
                vision.integer("hidden_size"),
                theta,
                config.patchGeometry());
    }

    /** Before transformers 5, the field stood in text_config. */
    private static OutputHead outputHead(ConfigNode root, ConfigNode text) throws CheckpointException {
        boolean tied = root.flag("tie_word_embeddings", false) || text.flag("tie_word_embeddings", false);
        return tied ? OutputHead.TIED_TO_EMBEDDINGS : OutputHead.SEPARATE;
    }
}
