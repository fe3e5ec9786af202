package io.sparkvlm.engine.model;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.nn.LayerNorm;
import io.sparkvlm.engine.nn.Linear;
import io.sparkvlm.engine.nn.RotaryAngles;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.PixelNormalization;
import io.sparkvlm.engine.weights.VisionConfig;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The vision tower: from an image's or video's pixels to embeddings that stand in the prompt like those of tokens. */
final class VisionTower {
    private static final int CHANNELS = PatchGeometry.CHANNELS;

    /**
     * That the tower takes in one pass, but for a slice that has more: what a pass needs in memory does not grow with the
     * images and frames. In Qwen2-VL-2B its largest activations are 63 MB.
     */
    static final int PATCHES_AT_ONCE = 8192;

    private final VisionConfig config;
    private final TensorFactory factory;
    private final Tensor mean; // float32, [channels, 1], of 0..255
    private final Tensor std; // as mean
    private final Linear patchEmbedding;
    private final List<VisionBlock> blocks = new ArrayList<>();
    private final LayerNorm mergerNorm;
    private final Linear mergerExpand;
    private final Linear mergerContract;

    VisionTower(VisionConfig config, PixelNormalization normalization, WeightLoader weights) throws IOException {
        this.config = config;
        this.factory = weights.factory();
        try (TensorScope scope = new TensorScope()) {
            this.mean = weights.resident().keep(channels(normalization.mean()));
            this.std = weights.resident().keep(channels(normalization.std()));
        }
        this.patchEmbedding = weights.convolution("visual.patch_embed.proj");
        for (int block = 0; block < config.depth(); block++) {
            blocks.add(new VisionBlock("visual.blocks." + block, config, weights));
        }
        this.mergerNorm = weights.layerNorm("visual.merger.ln_q");
        this.mergerExpand = weights.linearWithBias("visual.merger.mlp.0");
        this.mergerContract = weights.linearWithBias("visual.merger.mlp.2");
    }

    private Tensor channels(List<Double> values) {
        float[] scaled = new float[CHANNELS];
        for (int channel = 0; channel < CHANNELS; channel++) {
            scaled[channel] = (float) (255 * values.get(channel));
        }
        return factory.floats(scaled).view(CHANNELS, 1);
    }

    /** For each input [tokens, hidden size of the language model]; for the caller's scope. */
    List<Tensor> encode(List<VisionInput> inputs) {
        List<Tensor> embeddings = inputs.stream()
                .map(input -> factory.empty(input.tokens(), config.outputSize()))
                .toList();
        for (List<VisionSlice> run : VisionSlice.runs(inputs, PATCHES_AT_ONCE)) {
            try (TensorScope scope = new TensorScope()) {
                Tensor encoded = encode(run, inputs); // [tokens of the run, hidden size of the language model]
                int token = 0;
                for (VisionSlice slice : run) {
                    int tokens = slice.grid().tokens();
                    embeddings
                            .get(slice.input())
                            .narrow(0, slice.firstToken(), tokens)
                            .copy_(encoded.narrow(0, token, tokens));
                    token += tokens;
                }
            }
        }
        return embeddings;
    }

    private Tensor encode(List<VisionSlice> run, List<VisionInput> inputs) {
        int[] slices = run.stream().mapToInt(VisionSlice::patches).toArray();
        Tensor patches = patchEmbedding.apply(normalized(run, inputs)); // [patches, width]
        RotaryAngles angles = angles(run);
        VisionBlock.Attention attention = VisionBlock.Attention.of(patches.size(0), config, factory);
        for (VisionBlock block : blocks) {
            block.addTo(patches, angles, slices, attention);
        }
        Tensor merged =
                mergerNorm.apply(patches).view(-1, (long) config.geometry().patchesPerToken() * config.width());
        return mergerContract.apply(torch.gelu(mergerExpand.apply(merged)));
    }

    private Tensor normalized(List<VisionSlice> run, List<VisionInput> inputs) {
        int patchBytes = config.geometry().patchBytes();
        ByteBuffer bytes = ByteBuffer.allocate(patches(run) * patchBytes);
        for (VisionSlice slice : run) {
            int sliceBytes = slice.patches() * patchBytes;
            bytes.put(inputs.get(slice.input()).patches(), slice.index() * sliceBytes, sliceBytes);
        }
        Tensor pixels = factory.bytes(bytes.array()).view(-1, CHANNELS, patchBytes / CHANNELS);
        Tensor normalized = pixels.to(ScalarType.Float).sub_(mean).div_(std);
        return normalized.to(factory.dtype().scalarType()).view(-1, patchBytes);
    }

    private static int patches(List<VisionSlice> run) {
        return run.stream().mapToInt(VisionSlice::patches).sum();
    }

    /** The first half of a head's frequencies follows the patch's row, the second its column. */
    private RotaryAngles angles(List<VisionSlice> run) {
        int axisSize = config.headSize() / 2;
        float[] inverse = RotaryAngles.inverseFrequencies(config.ropeTheta(), axisSize);
        float[] frequencies = new float[2 * inverse.length];
        System.arraycopy(inverse, 0, frequencies, 0, inverse.length);
        System.arraycopy(inverse, 0, frequencies, inverse.length, inverse.length);
        int patches = patches(run);
        FloatBuffer rowsAndColumns = FloatBuffer.allocate(2 * patches);
        run.forEach(slice -> rowsAndColumns.put(rowsAndColumns(slice.grid())));
        Tensor positions = factory.floats(rowsAndColumns.array())
                .view(patches, 2, 1)
                .expand(patches, 2, inverse.length)
                .reshape(patches, frequencies.length);
        return RotaryAngles.of(positions, factory.floats(frequencies));
    }

    /** (row, column) of each patch, in the order in which patches come: those of one token side by side. */
    static float[] rowsAndColumns(PatchGrid grid) {
        int merge = grid.geometry().mergeSize();
        float[] positions = new float[2 * grid.patches()];
        int next = 0;
        for (int slice = 0; slice < grid.t(); slice++) {
            for (int blockRow = 0; blockRow < grid.h(); blockRow += merge) {
                for (int blockColumn = 0; blockColumn < grid.w(); blockColumn += merge) {
                    for (int patch = 0; patch < merge * merge; patch++) {
                        positions[next++] = blockRow + patch / merge;
                        positions[next++] = blockColumn + patch % merge;
                    }
                }
            }
        }
        return positions;
    }
}
