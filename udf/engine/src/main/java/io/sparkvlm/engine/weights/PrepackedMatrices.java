package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.engine.safetensors.SafetensorsFile;
import io.sparkvlm.engine.safetensors.StoredTensor;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.linear.PrepackedMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;

/** The matrices of a checkpoint that lie in their files in the order in which this project's kernels read them. */
final class PrepackedMatrices {
    private static final String PACKED = "." + PrepackedMatrix.PACKED;

    private final Map<String, SafetensorsFile> files;
    private final Map<String, List<Long>> shapes;
    private final Set<String> names;
    private final Set<String> layers;

    /** @param shapes of the model's weights */
    PrepackedMatrices(Map<String, SafetensorsFile> files, Map<String, List<Long>> shapes) {
        this.files = files;
        this.shapes = shapes;
        this.names = files.keySet().stream()
                .filter(name -> name.endsWith(PACKED))
                .map(name -> name.substring(0, name.length() - PACKED.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        this.layers =
                names.stream().flatMap(name -> Arrays.stream(layersOf(name))).collect(Collectors.toSet());
    }

    static String[] layersOf(String matrix) {
        return matrix.split(Pattern.quote(WeightSource.AND), -1);
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
     * Holds the headers of the files against the model. Needs no libtorch.
     *
     * @throws CheckpointException if a matrix is not what the model has there
     */
    void require() throws CheckpointException {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            for (String layer : layersOf(name)) {
                if (!seen.add(layer)) {
                    throw new CheckpointException(path(name), layer + ": expected it in one matrix, found it in two");
                }
            }
            Map<String, PrepackedMatrix.Part> parts = new HashMap<>();
            for (String part : parts(name)) {
                String stored = name + "." + part;
                StoredTensor tensor = files.get(stored).tensor(stored);
                parts.put(part, new PrepackedMatrix.Part(tensor.type().scalarType(), tensor.shape()));
            }
            try {
                PrepackedMatrix.shape(outputs(name), inputs(name), hasBias(name), parts);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new CheckpointException(path(name), name + ": " + e.getMessage(), e);
            }
        }
    }

    /** A matrix where it lies, whose pages all processes of a host share. */
    Optional<PrepackedMatrix> matrix(String name, ResidentTensors resident) throws IOException {
        if (!names.contains(name)) {
            return Optional.empty();
        }
        Map<String, Tensor> parts = new HashMap<>();
        for (String part : parts(name)) {
            String stored = name + "." + part;
            parts.put(part, files.get(stored).keptIn(resident, stored));
        }
        try {
            return Optional.of(PrepackedMatrix.of(outputs(name), inputs(name), hasBias(name), parts));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(path(name), name + ": " + e.getMessage(), e);
        }
    }

    private Path path(String name) {
        return files.get(name + PACKED).path();
    }

    private List<String> parts(String name) {
        return PrepackedMatrix.PARTS.stream()
                .filter(part -> files.containsKey(name + "." + part))
                .toList();
    }

    private boolean hasBias(String name) {
        return shapes.containsKey(layersOf(name)[0] + ".bias");
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
