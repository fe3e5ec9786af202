package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.torch.PrepackedMatrix;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/** The matrices of a checkpoint that lie in their files in the order in which this project's kernels read them. */
final class PrepackedMatrices {
    private static final String PACKED = "." + PrepackedMatrix.PACKED;

    private final Map<String, SafetensorsFile> files;
    private final Map<String, List<Long>> shapes;
    private final List<String> names;
    private final Set<String> layers;

    /** @param shapes of the model's weights */
    PrepackedMatrices(Map<String, SafetensorsFile> files, Map<String, List<Long>> shapes) {
        this.files = files;
        this.shapes = shapes;
        this.names = files.keySet().stream()
                .filter(name -> name.endsWith(PACKED))
                .map(name -> name.substring(0, name.length() - PACKED.length()))
                .toList();
        this.layers =
                names.stream().flatMap(name -> Arrays.stream(layersOf(name))).collect(Collectors.toSet());
    }

    static String[] layersOf(String matrix) {
        return matrix.split(Pattern.quote(WeightSource.AND));
    }

    /** The layer that a weight or a bias is of. */
    static String layerOf(String weight) {
        return weight.replaceFirst("\\.(weight|bias)$", "");
    }

    /** Whether a layer's matrix is one of them, or a part of one. */
    boolean holds(String layer) {
        return layers.contains(layer);
    }

    /**
     * Holds the headers of the files against the model.
     *
     * @throws CheckpointException if a matrix is not what the model has there
     */
    void require() throws IOException {
        try (TensorScope scope = new TensorScope()) {
            for (String name : names) {
                matrix(name, (file, stored) -> withoutMemory(file.tensor(stored)));
            }
        }
    }

    private static Tensor withoutMemory(StoredTensor stored) {
        long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
        TensorOptions options = new TensorOptions(stored.type().scalarType());
        return torch.empty(shape, options.device(new DeviceOptional(new Device(DeviceType.Meta))), null);
    }

    /** Takes a tensor from a file. */
    @FunctionalInterface
    private interface Taking {
        Tensor from(SafetensorsFile file, String stored) throws IOException;
    }

    /** A matrix where it lies, whose pages all processes of a host share. */
    Optional<PrepackedMatrix> matrix(String name, ResidentTensors resident) throws IOException {
        return names.contains(name)
                ? Optional.of(matrix(name, (file, stored) -> file.keptIn(resident, stored)))
                : Optional.empty();
    }

    private PrepackedMatrix matrix(String name, Taking taking) throws IOException {
        Map<String, Tensor> parts = new HashMap<>();
        for (String part : PrepackedMatrix.PARTS) {
            String stored = name + "." + part;
            if (files.containsKey(stored)) {
                parts.put(part, taking.from(files.get(stored), stored));
            }
        }
        try {
            return PrepackedMatrix.of(outputs(name), inputs(name), parts);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(files.get(name + PACKED).path(), name + ": " + e.getMessage(), e);
        }
    }

    private long outputs(String name) {
        return Arrays.stream(layersOf(name))
                .mapToLong(layer -> weight(layer).get(0))
                .sum();
    }

    private long inputs(String name) {
        return weight(layersOf(name)[0]).stream().skip(1).reduce(1L, Math::multiplyExact);
    }

    private List<Long> weight(String layer) {
        List<Long> shape = shapes.get(layer + ".weight");
        if (shape == null) {
            throw new IllegalArgumentException(
                    "expected a layer of the model that config.json describes, found " + layer);
        }
        return shape;
    }
}
