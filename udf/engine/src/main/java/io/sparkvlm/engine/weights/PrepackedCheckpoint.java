package io.sparkvlm.engine.weights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.checkpoint.JsonFile;
import io.sparkvlm.engine.safetensors.SafetensorsShards;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.linear.PrepackedMatrix;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.quantization.PackedMatrix;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * Collects the matrices of a checkpoint as a model that is loaded from it brings them into the kernels' order, and writes a checkpoint
 * folder that has them so: its weights are read where they lie, by all processes of a host.
 */
public final class PrepackedCheckpoint implements WeightSource {
    private static final String CONFIG = "config.json";

    private final Path folder;
    private final Checkpoint checkpoint;
    private final Quantization quantization;
    private final Map<String, PrepackedMatrix> matrices = new LinkedHashMap<>();

    /**
     * Collects those of a checkpoint.
     *
     * @param folder the checkpoint's
     * @param quantization what the model rounds them to
     * @throws CheckpointException where the checkpoint's are in another order than that of their inputs, or no kernels of this
     *     machine have an order of their own
     */
    public PrepackedCheckpoint(Path folder, Checkpoint checkpoint, Quantization quantization)
            throws CheckpointException {
        if (quantization == Quantization.NONE ? !LinearKernels.areFastest() : !LinearKernels.areThere()) {
            throw new CheckpointException(
                    folder,
                    "expected a processor with AVX2 whose kernels read weights in an order of their own, found one"
                            + " that has none, or matrix units (AMX), where a prepacked checkpoint is no faster");
        }
        if (checkpoint.isQuantized() || checkpoint.prepacked().isPresent()) {
            throw new CheckpointException(
                    folder,
                    "expected a checkpoint that is not quantized, found one that is "
                            + (checkpoint.isQuantized() ? "quantized" : "prepacked"));
        }
        this.folder = folder;
        this.checkpoint = checkpoint;
        this.quantization = quantization;
    }

    @Override
    public void copyInto(String name, Tensor destination) throws IOException {
        checkpoint.copyInto(name, destination);
    }

    @Override
    public Optional<PackedMatrix> packed(String name) throws IOException {
        return checkpoint.packed(name);
    }

    @Override
    public Optional<Tensor> mapped(String name, DType dtype, ResidentTensors resident) throws IOException {
        return checkpoint.mapped(name, dtype, resident);
    }

    @Override
    public void isPrepacked(String name, PrepackedMatrix matrix) {
        matrices.put(name, matrix);
    }

    /**
     * Writes what was collected, with all other files of the checkpoint, while the model is open.
     *
     * @param to an empty folder
     * @param written is told how many bytes of weights came to the disk
     */
    public void write(Path to, LongConsumer written) throws IOException {
        CheckpointFolder checked = new CheckpointFolder(folder);
        copyOtherFiles(checked, to);
        ObjectNode config = (ObjectNode) JsonFile.read(checked.file(CONFIG));
        Prepacking.write(config, quantization);
        Files.writeString(to.resolve(CONFIG), config.toPrettyString());
        try (TensorScope scope = new TensorScope()) {
            new SafetensorsShards(to, written).write(tensors());
        }
    }

    private Map<String, Tensor> tensors() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        matrices.forEach(
                (name, matrix) -> matrix.parts().forEach((part, tensor) -> tensors.put(name + "." + part, tensor)));
        Set<String> layers = matrices.keySet().stream()
                .flatMap(name -> Stream.of(PrepackedMatrices.layersOf(name)))
                .collect(Collectors.toSet());
        for (String weight : WeightShapes.of(checkpoint.config()).all().keySet()) {
            if (!layers.contains(PrepackedMatrices.layerOf(weight)) || weight.equals(Checkpoint.EMBEDDINGS)) {
                tensors.put(weight, checkpoint.stored(weight));
            }
        }
        return tensors;
    }

    private static void copyOtherFiles(CheckpointFolder from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from.path())) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(PrepackedCheckpoint::isOther)
                    .toList()) {
                String name = file.getFileName().toString();
                Files.copy(from.file(name), to.resolve(name));
            }
        }
    }

    /** Not weights in this format or in older ones. */
    private static boolean isOther(Path file) {
        String name = file.getFileName().toString();
        return Stream.of(".safetensors", ".index.json", ".bin", ".pth", ".gguf").noneMatch(name::endsWith)
                && !name.equals(CONFIG);
    }
}
