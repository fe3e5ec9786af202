package io.sparkvlm.engine.weights;

import io.sparkvlm.api.PatchGeometry;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Lists the weights of a Qwen2-VL model by their published names, with the shapes that its config.json gives them. A
 * checkpoint is held against the list, and a model allocates its weights by it.
 */
public final class WeightShapes {
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

    private WeightShapes() {}

    public static WeightShapes of(ModelConfig config) {
        WeightShapes all = new WeightShapes();
        all.addText(config);
        all.addVision(config.vision());
        return all;
    }

    /** The same weights as one rank holds them. */
    public WeightShapes ofRank(RankSplit split) {
        WeightShapes own = new WeightShapes();
        shapes.forEach((name, shape) -> own.shapes.put(
                name, split.part(name).map(part -> part.of(shape)).orElse(shape)));
        return own;
    }

    /** Every weight in the order of the model, with its sizes. */
    public Map<String, List<Long>> all() {
        return shapes;
    }

    /** The sizes of a weight. */
    public long[] of(String name) {
        List<Long> shape = shapes.get(name);
        if (shape == null) {
            throw new NoSuchElementException("expected a weight of the model, found " + name);
        }
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    private void addText(ModelConfig config) {
        TextConfig text = config.text();
        long hidden = text.hiddenSize();
        long intermediate = text.intermediateSize();
        long queries = (long) text.heads().queries() * text.heads().size();
        long keys = (long) text.heads().keyValues() * text.heads().size();
        add("model.embed_tokens.weight", text.vocabSize(), hidden);
        for (int i = 0; i < text.layers(); i++) {
            String layer = "model.layers." + i;
            add(layer + ".input_layernorm.weight", hidden);
            addLinear(layer + ".self_attn.q_proj", queries, hidden);
            addLinear(layer + ".self_attn.k_proj", keys, hidden);
            addLinear(layer + ".self_attn.v_proj", keys, hidden);
            add(layer + ".self_attn.o_proj.weight", hidden, queries);
            add(layer + ".post_attention_layernorm.weight", hidden);
            add(layer + ".mlp.gate_proj.weight", intermediate, hidden);
            add(layer + ".mlp.up_proj.weight", intermediate, hidden);
            add(layer + ".mlp.down_proj.weight", hidden, intermediate);
        }
        add("model.norm.weight", hidden);
        switch (config.outputHead()) {
            case TIED_TO_EMBEDDINGS -> {}
            case SEPARATE -> add("lm_head.weight", text.vocabSize(), hidden);
        }
    }

    private void addVision(VisionConfig vision) {
        long width = vision.width();
        PatchGeometry geometry = vision.geometry();
        int patch = geometry.patchPixels();
        add(
                "visual.patch_embed.proj.weight",
                width,
                PatchGeometry.CHANNELS,
                geometry.temporalPatchFrames(),
                patch,
                patch);
        for (int i = 0; i < vision.depth(); i++) {
            String block = "visual.blocks." + i;
            addNorm(block + ".norm1", width);
            addLinear(block + ".attn.qkv", 3 * width, width);
            addLinear(block + ".attn.proj", width, width);
            addNorm(block + ".norm2", width);
            addLinear(block + ".mlp.fc1", vision.mlpWidth(), width);
            addLinear(block + ".mlp.fc2", width, vision.mlpWidth());
        }
        addNorm("visual.merger.ln_q", width);
        long merged = geometry.patchesPerToken() * width;
        addLinear("visual.merger.mlp.0", merged, merged);
        addLinear("visual.merger.mlp.2", vision.outputSize(), merged);
    }

    private void addLinear(String name, long outputs, long inputs) {
        add(name + ".weight", outputs, inputs);
        add(name + ".bias", outputs);
    }

    private void addNorm(String name, long width) {
        add(name + ".weight", width);
        add(name + ".bias", width);
    }

    private void add(String name, long... sizes) {
        shapes.put(name, Arrays.stream(sizes).boxed().toList());
    }
}
