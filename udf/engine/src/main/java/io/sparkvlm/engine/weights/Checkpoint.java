package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A checkpoint folder: its dimensions, how its pixels are normalised, and its weights by name.
 *
 * <p>Names are those of the published repositories ({@code model.layers.0…}, {@code visual.blocks.0…}); a folder that
 * transformers wrote with other prefixes is read by the same names. For one thread.
 */
public final class Checkpoint implements WeightSource, AutoCloseable {
    private final ModelConfig config;
    private final PixelNormalization normalization;
    private final Map<String, SafetensorsFile> files;
    private final WeightNames names;
    private final Path folder;

    private Checkpoint(
            Path folder, ModelConfig config, PixelNormalization normalization, Map<String, SafetensorsFile> files) {
        this.folder = folder;
        this.config = config;
        this.normalization = normalization;
        this.files = files;
        this.names = WeightNames.of(files.keySet());
    }

    /**
     * Reads the folder's configuration and the headers of its weight files, and holds the ones against the other.
     *
     * @throws CheckpointException when they are not what they should be
     */
    public static Checkpoint open(Path folder) throws IOException {
        CheckpointFolder checked = new CheckpointFolder(folder);
        CheckpointConfig config = CheckpointConfig.read(checked);
        Checkpoint checkpoint = new Checkpoint(
                folder,
                ModelConfigReader.read(config),
                PixelNormalization.read(config.imageProcessor()),
                WeightFiles.open(checked));
        try {
            checkpoint.requireWeights();
            return checkpoint;
        } catch (IOException e) {
            checkpoint.close();
            throw e;
        }
    }

    private void requireWeights() throws CheckpointException {
        Map<String, List<Long>> shapes = WeightShapes.of(config).all();
        List<String> missing = shapes.keySet().stream()
                .map(names::stored)
                .filter(name -> !files.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new CheckpointException(
                    folder,
                    "expected the " + shapes.size() + " tensors of the model that config.json describes, found "
                            + (shapes.size() - missing.size()) + " of them; " + missing.get(0)
                            + (missing.size() == 1 ? " is missing" : " is the first that is missing"));
        }
        for (Map.Entry<String, List<Long>> weight : shapes.entrySet()) {
            requireWeight(names.stored(weight.getKey()), weight.getValue());
        }
    }

    private void requireWeight(String stored, List<Long> shape) throws CheckpointException {
        SafetensorsFile file = files.get(stored);
        StoredTensor tensor = file.tensor(stored);
        if (!tensor.shape().equals(shape)) {
            throw new CheckpointException(
                    file.path(),
                    "tensor " + stored + ": expected shape " + shape + " after config.json, found " + tensor.shape());
        }
        if (!tensor.type().holdsWeights()) {
            throw new CheckpointException(
                    file.path(), "tensor " + stored + ": expected BF16, F16 or F32, found " + tensor.type());
        }
    }

    public ModelConfig config() {
        return config;
    }

    public PixelNormalization normalization() {
        return normalization;
    }

    @Override
    public void copyInto(String name, Tensor destination) throws IOException {
        String stored = names.stored(name);
        files.get(stored).copyInto(stored, destination);
    }

    @Override
    public Optional<Tensor> mapped(String name, DType dtype, ResidentTensors resident) throws IOException {
        String stored = names.stored(name);
        return files.get(stored).mapped(stored, dtype, resident);
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : new HashSet<>(files.values())) {
            file.close();
        }
    }
}
