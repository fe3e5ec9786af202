package io.sparkvlm.engine.model;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.VisionInput;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A model that the engine's loop can drive: it turns images and videos into embeddings, and steps over many sequences into
 * the logits of their next tokens. For one thread, the engine's.
 */
public interface VisionLanguageModel extends AutoCloseable {
    /** Token ids are below this. */
    int vocabSize();

    /** The most tokens that a prompt and its answer may have together. */
    int maxPositions();

    /** How images and videos are cut. */
    PatchGeometry geometry();

    /** What one block of a cache takes of one device, in all layers together. */
    long cacheBytesPerBlock(int blockSizeTokens);

    /**
     * What the largest step of these limits, or pass of the vision tower, works in on one device, in bytes, at most. An image of
     * more tokens than a pass has takes more.
     */
    long stepBytes(StepLimits limits);

    /** An empty cache for sequences of this model; the caller closes it. */
    KvCache newCache(int blocks, int blockSizeTokens);

    /**
     * Encodes images and videos, several in one pass.
     *
     * @return for each, in order, embeddings [input.tokens(), hidden size] in the model's type; the caller closes them
     * @throws RuntimeException of which {@link io.sparkvlm.torch.device.DeviceMemory#ranOut} is true where it does not fit the
     *     device; the model and its other sequences go on
     * @throws OutOfMemoryError the same, of the kernels' memory
     */
    List<Tensor> encodeVision(List<VisionInput> inputs);

    /**
     * Computes a step and leaves its keys and values in the cache.
     *
     * @return float32 logits [segments that want them, vocabulary], in the segments' order; the caller closes them
     */
    Tensor forward(StepInput step, KvCache cache);

    @Override
    void close();
}
