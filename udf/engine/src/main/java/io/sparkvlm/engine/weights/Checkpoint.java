package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.engine.safetensors.SafetensorsFile;
import io.sparkvlm.engine.safetensors.WeightFiles;
import io.sparkvlm.engine.safetensors.WeightPart;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.linear.PrepackedMatrix;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.quantization.PackedMatrix;
import io.sparkvlm.torch.quantization.Packing;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * A checkpoint folder: its dimensions, how its pixels are normalised, and its weights by name.
 *
 * <p>Names are those of the published repositories ({@code model.layers.0…}, {@code visual.blocks.0…}); a folder that
 * transformers wrote with other prefixes is read by the same names. For one thread.
 */
public final class Checkpoint implements WeightSource, AutoCloseable {
    /** The embeddings of tokens, of which single rows are read. */
    static final String EMBEDDINGS = "model.embed_tokens.weight";

    private final ModelConfig config;
    private final Optional<PlannedPacking> planned; // as config.json has it
    private final Optional<Packing> packing;
    private final Optional<Quantization> prepacked; // what matrices in the kernels' order were rounded to
    private final PrepackedMatrices inKernelOrder;
    private final PixelNormalization normalization;
    private final Map<String, SafetensorsFile> files;
    private final WeightNames names;
    private final Path folder;

    private Checkpoint(
            Path folder,
            ModelConfig config,
            Optional<PlannedPacking> planned,
            Optional<Quantization> prepacked,
            PixelNormalization normalization,
            Map<String, SafetensorsFile> files) {
        this.folder = folder;
        this.config = config;
        this.planned = planned;
        this.packing = planned.map(PlannedPacking::packing);
        this.prepacked = prepacked;
        this.normalization = normalization;
        this.files = files;
        this.inKernelOrder = new PrepackedMatrices(
                prepacked.isPresent() ? files : Map.of(),
                WeightShapes.of(config).all());
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
                PackingReader.readForPlan(config),
                Prepacking.read(config),
                PixelNormalization.read(config.imageProcessor()),
                WeightFiles.open(checked));
        try {
            checkpoint.requireWeights();
            return checkpoint;
        } catch (IOException | RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private void requireWeights() throws CheckpointException {
        Map<String, ExpectedTensor> expected = expected();
        List<String> missing = expected.keySet().stream()
                .filter(name -> !files.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new CheckpointException(
                    folder,
                    "expected the " + expected.size() + " tensors of the model that config.json describes, found "
                            + (expected.size() - missing.size()) + " of them; " + missing.get(0)
                            + (missing.size() == 1 ? " is missing" : " is the first that is missing"));
        }
        for (Map.Entry<String, ExpectedTensor> tensor : expected.entrySet()) {
            SafetensorsFile file = files.get(tensor.getKey());
            tensor.getValue().require(file.tensor(tensor.getKey()), file.path());
        }
        inKernelOrder.require();
    }

    /** By the names that this folder uses. */
    private Map<String, ExpectedTensor> expected() throws CheckpointException {
        Map<String, ExpectedTensor> expected = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> weight :
                WeightShapes.of(config).all().entrySet()) {
            String layer = layer(weight.getKey());
            if (isInKernelOrder(weight.getKey())) {
                continue;
            }
            if (isPacked(layer)) {
                packedShapes(layer, weight.getValue())
                        .forEach((part, shape) ->
                                expected.put(names.stored(layer) + "." + part, ExpectedTensor.packed(part, shape)));
            } else {
                expected.put(names.stored(weight.getKey()), ExpectedTensor.weight(weight.getValue()));
            }
        }
        return expected;
    }

    /** Rows of the embeddings are read where they lie, too. */
    private boolean isInKernelOrder(String weight) {
        return inKernelOrder.holds(PrepackedMatrices.layerOf(weight)) && !weight.equals(EMBEDDINGS);
    }

    private Map<String, List<Long>> packedShapes(String layer, List<Long> matrix) throws CheckpointException {
        try {
            return packing.orElseThrow().shapes(matrix.get(0), matrix.get(1));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(folder, layer + ", quantized: " + e.getMessage(), e);
        }
    }

    /** Methods leave some of the layers as they are, which modules_to_not_convert or dynamic name in many ways. */
    private boolean isPacked(String layer) {
        return packing.isPresent()
                && layer.startsWith("model.layers.")
                && files.containsKey(names.stored(layer) + ".qweight");
    }

    /**
     * Refuses to round what was rounded before it was published.
     *
     * @throws CheckpointException if it was, and {@code quantization} is not {@link Quantization#NONE}
     */
    public void requireRoundable(Quantization quantization) throws CheckpointException {
        try {
            PlannedModel.requireRoundable(isQuantized(), prepacked, quantization);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(folder, e.getMessage(), e);
        }
    }

    /**
     * Says whether the model can be split in so many ranks.
     *
     * @throws CheckpointException if its dimensions, or those of matrices that were published quantized, cannot be divided so
     */
    public void requireSplittable(int ranks) throws CheckpointException {
        try {
            PlannedModel.requireSplittable(packing, prepacked, config.text(), ranks);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(folder, e.getMessage(), e);
        }
    }

    /**
     * Says whether a device can compute with the weights in a type.
     *
     * @throws CheckpointException if they lie in the order of kernels for other devices, or types
     */
    public void requireComputable(DeviceSpec.Kind device, DType dtype) throws CheckpointException {
        try {
            PlannedModel.requireComputable(prepacked, device, dtype);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(folder, e.getMessage(), e);
        }
    }

    /**
     * Says whether this machine has the kernels in whose order the weights lie.
     *
     * @throws CheckpointException if it has not
     */
    public void requireKernels() throws CheckpointException {
        if (prepacked.isPresent() && !LinearKernels.areThere()) {
            throw new CheckpointException(
                    folder,
                    "expected a processor with AVX2, for which its weights are prepacked, and kernels that are not turned off:"
                            + " take the checkpoint that the folder was made from");
        }
    }

    /** How its matrices were quantized before they were published: which of them, the files say. */
    Optional<PlannedPacking> plannedPacking() throws IOException {
        if (planned.isEmpty()) {
            return Optional.empty();
        }
        Set<String> packed = new HashSet<>();
        Set<String> inOrder = new HashSet<>();
        for (String weight : WeightShapes.of(config).all().keySet()) {
            String layer = layer(weight);
            if (isPacked(layer)) {
                packed.add(layer);
                if (planned.get().isInOrder().test(layer) || hasGroupsInOrder(layer)) {
                    inOrder.add(layer);
                }
            }
        }
        return Optional.of(
                new PlannedPacking(packing.orElseThrow(), planned.get().zeros(), packed::contains, inOrder::contains));
    }

    private boolean hasGroupsInOrder(String layer) throws IOException {
        String stored = names.stored(layer) + ".g_idx";
        try (TensorScope scope = new TensorScope()) {
            return PackedMatrix.isInOrder(files.get(stored).read(stored), packing.orElseThrow());
        }
    }

    /** Whether its weights were rounded before they were published. */
    public boolean isQuantized() {
        return packing.isPresent();
    }

    /** What its matrices were rounded to when they were brought into the kernels' order; empty where they lie in another. */
    public Optional<Quantization> prepacked() {
        return prepacked;
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
        file(stored).copyInto(stored, destination);
    }

    /** Copies a part of a weight, of the part's shape. */
    void copyInto(String name, WeightPart part, Tensor destination) throws IOException {
        String stored = names.stored(name);
        file(stored).copyInto(stored, part, destination);
    }

    /** The file of a tensor; one that lies in the kernels' order may be there as a part of another matrix only. */
    private SafetensorsFile file(String stored) throws CheckpointException {
        SafetensorsFile file = files.get(stored);
        if (file == null) {
            throw new CheckpointException(folder, "expected tensor " + stored + ", found none of that name");
        }
        return file;
    }

    /** The weights of one rank: the whole ones, and its parts of those that are split. */
    public WeightSource ofRank(RankSplit split) {
        return split.ranks() == 1 ? this : new RankWeights(this, split);
    }

    @Override
    public Optional<Tensor> mapped(String name, DType dtype, ResidentTensors resident) throws IOException {
        String stored = names.stored(name);
        return isMappable(name, dtype) ? files.get(stored).mapped(stored, dtype, resident) : Optional.empty();
    }

    /** Whether {@link #mapped} finds a weight as numbers of that type; what lies beside a matrix that is packed is not its weight. */
    boolean isMappable(String name, DType dtype) {
        String stored = names.stored(name);
        SafetensorsFile file = files.get(stored);
        return file != null && !isPacked(layer(name)) && file.isMappable(stored, dtype);
    }

    private static String layer(String weight) {
        return weight.replaceFirst("\\.weight$", "");
    }

    /** A weight in the type that it is stored in, to be read in the caller's scope and not written. */
    Tensor stored(String name) throws IOException {
        String stored = names.stored(name);
        return files.get(stored).view(stored);
    }

    @Override
    public Optional<PackedMatrix> packed(String name) throws IOException {
        if (!isPacked(name)) {
            return Optional.empty();
        }
        String layer = names.stored(name);
        SafetensorsFile file = files.get(layer + ".qweight");
        Map<String, Tensor> parts = new HashMap<>();
        List<Long> matrix = WeightShapes.of(config).all().get(name + ".weight");
        for (String part : packedShapes(name, matrix).keySet()) {
            String stored = layer + "." + part;
            SafetensorsFile its = files.get(stored);
            // Scales are kept as they are, and codes and zeros turned into others.
            parts.put(part, part.equals("scales") ? its.read(stored) : its.view(stored));
        }
        try {
            return Optional.of(new PackedMatrix(packing.orElseThrow(), parts));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file.path(), layer + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<PrepackedMatrix> prepacked(String name, ResidentTensors resident) throws IOException {
        return inKernelOrder.matrix(name, resident);
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : new HashSet<>(files.values())) {
            file.close();
        }
    }
}
