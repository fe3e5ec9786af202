package io.sparkvlm.engine;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.model.KvCache;
import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.engine.model.Reference;
import io.sparkvlm.engine.model.StepInput;
import io.sparkvlm.engine.model.StepLimits;
import io.sparkvlm.engine.model.VisionLanguageModel;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The first reference model, for tests that break some of what it does: real faults are hard to come by. */
abstract class FaultyModel implements VisionLanguageModel {
    private final VisionLanguageModel model;

    FaultyModel() throws IOException {
        model = Qwen2Vl.load(
                Reference.folders().get(0).resolve("checkpoint"),
                DeviceMesh.of(TestDevice.chosen()),
                DType.FLOAT32,
                Quantization.NONE);
    }

    static RuntimeException outOfMemory() {
        return new IllegalStateException("CUDA out of memory. Tried to allocate 2.00 GiB"); // libtorch's words
    }

    @Override
    public List<Tensor> encodeVision(List<VisionInput> inputs) {
        return model.encodeVision(inputs);
    }

    @Override
    public int vocabSize() {
        return model.vocabSize();
    }

    @Override
    public int maxPositions() {
        return model.maxPositions();
    }

    @Override
    public PatchGeometry geometry() {
        return model.geometry();
    }

    @Override
    public long cacheBytesPerBlock(int blockSizeTokens) {
        return model.cacheBytesPerBlock(blockSizeTokens);
    }

    @Override
    public long stepBytes(StepLimits limits) {
        return model.stepBytes(limits);
    }

    @Override
    public KvCache newCache(int blocks, int blockSizeTokens) {
        return model.newCache(blocks, blockSizeTokens);
    }

    @Override
    public Tensor forward(StepInput step, KvCache cache) {
        return model.forward(step, cache);
    }

    @Override
    public void close() {
        model.close();
    }
}
