package io.sparkvlm.engine.model;

import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.Checkpoint;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.PixelNormalization;
import io.sparkvlm.engine.weights.WeightShapes;
import io.sparkvlm.engine.weights.WeightSource;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A Qwen2-VL model on its device: turns images and videos into embeddings, and steps into the logits of the next tokens.
 *
 * <p>For one thread, the engine's. The same as Hugging Face transformers' Qwen2VLForConditionalGeneration.
 */
public final class Qwen2Vl implements VisionLanguageModel {
    private final ModelConfig config;
    private final TensorFactory factory;
    private final ResidentTensors resident;
    private final VisionTower vision;
    private final TextDecoder decoder;

    private Qwen2Vl(
            ModelConfig config,
            TensorFactory factory,
            ResidentTensors resident,
            VisionTower vision,
            TextDecoder decoder) {
        this.config = config;
        this.factory = factory;
        this.resident = resident;
        this.vision = vision;
        this.decoder = decoder;
    }

    /**
     * Loads a checkpoint folder in any of the forms that are published.
     *
     * @throws io.sparkvlm.checkpoint.CheckpointException when the folder is not what it should be
     */
    public static Qwen2Vl load(Path checkpointFolder, DeviceSpec device, DType dtype, Quantization quantization)
            throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(checkpointFolder)) {
            checkpoint.requireRoundable(quantization);
            return load(
                    checkpoint.config(),
                    checkpoint.normalization(),
                    checkpoint,
                    new TensorFactory(device, dtype),
                    quantization);
        }
    }

    /** A model of these dimensions; the factory is its own from here on. */
    static Qwen2Vl load(
            ModelConfig config,
            PixelNormalization normalization,
            WeightSource source,
            TensorFactory factory,
            Quantization quantization)
            throws IOException {
        ResidentTensors resident = new ResidentTensors();
        try {
            WeightLoader weights = new WeightLoader(source, WeightShapes.of(config), factory, resident);
            VisionTower vision = new VisionTower(config.vision(), normalization, weights);
            return new Qwen2Vl(config, factory, resident, vision, new TextDecoder(config, weights, quantization));
        } catch (IOException | RuntimeException e) {
            resident.close();
            factory.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public int maxPositions() {
        return config.maxPositionEmbeddings();
    }

    @Override
    public KvCache newCache(int blocks, int blockSizeTokens) {
        return new KvCache(config.text(), blocks, blockSizeTokens, factory);
    }

    @Override
    public long cacheBytesPerBlock(int blockSizeTokens) {
        long keysAndValues =
                2L * config.text().heads().keyValues() * config.text().heads().size();
        return keysAndValues
                * blockSizeTokens
                * config.text().layers()
                * factory.dtype().bytes();
    }

    @Override
    public List<Tensor> encodeVision(List<VisionInput> inputs) {
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> embeddings = vision.encode(inputs);
            embeddings.forEach(scope::keep);
            return embeddings;
        }
    }

    @Override
    public Tensor forward(StepInput step, KvCache cache) {
        try (TensorScope scope = new TensorScope()) {
            return scope.keep(decoder.forward(step, cache));
        }
    }

    @Override
    public void close() {
        resident.close();
        factory.close();
    }
}
