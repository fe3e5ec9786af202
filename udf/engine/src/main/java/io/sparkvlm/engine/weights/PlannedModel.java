package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.engine.safetensors.SafetensorsFile;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Packing;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * What of a model decides how much memory it takes, without its weights.
 *
 * @param packing of weights that were published quantized; empty for all others
 * @param prepacked what matrices in the kernels' order were rounded to; empty where they lie in another
 * @param mappable whether the weight of a name can be read where it lies in its file, as numbers of a type
 */
public record PlannedModel(
        ModelConfig config,
        Optional<PlannedPacking> packing,
        Optional<Quantization> prepacked,
        BiPredicate<String, DType> mappable) {
    /**
     * Reads config.json, and the headers of the weights where they are there.
     *
     * @throws CheckpointException when they are not what they should be
     */
    public static PlannedModel read(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            if (files.noneMatch(file -> file.toString().endsWith(".safetensors"))) {
                CheckpointConfig config = CheckpointConfig.read(new CheckpointFolder(folder));
                return published(ModelConfigReader.read(config), PackingReader.readForPlan(config));
            }
        }
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return of(checkpoint);
        }
    }

    /** What a checkpoint says; the plan outlives it. */
    public static PlannedModel of(Checkpoint checkpoint) throws IOException {
        return new PlannedModel(
                checkpoint.config(), checkpoint.plannedPacking(), checkpoint.prepacked(), checkpoint::isMappable);
    }

    /** A model whose weights are stored as they are published: in bfloat16, or in float16 where they are quantized. */
    public static PlannedModel published(ModelConfig config, Optional<PlannedPacking> packing) {
        WeightShapes shapes = WeightShapes.of(config);
        return new PlannedModel(config, packing, Optional.empty(), (name, dtype) -> {
            long numbers = shapes.all().get(name).stream().reduce(1L, (one, other) -> one * other);
            return packing.isEmpty() && dtype == DType.BFLOAT16 && SafetensorsFile.isInOneMap(numbers * dtype.bytes());
        });
    }

    /** Whether its weights were rounded before they were published. */
    public boolean isQuantized() {
        return packing.isPresent();
    }

    /**
     * Refuses to round what was rounded before it was published.
     *
     * @throws IllegalArgumentException if it was, and {@code quantization} is not {@link Quantization#NONE}
     */
    public void requireRoundable(Quantization quantization) {
        requireRoundable(isQuantized(), prepacked, quantization);
    }

    static void requireRoundable(boolean isQuantized, Optional<Quantization> prepacked, Quantization quantization) {
        if (prepacked.isPresent() && quantization != Quantization.NONE) {
            throw new IllegalArgumentException(
                    "expected weights that --quantization " + quantization.wireName()
                            + " can round, found a checkpoint that is prepacked: leave --quantization out, and give it to prepack");
        }
        if (isQuantized && quantization != Quantization.NONE) {
            throw new IllegalArgumentException("expected weights that --quantization " + quantization.wireName()
                    + " can round, found a checkpoint that is quantized: leave --quantization out");
        }
    }

    /**
     * Says whether the model can be split in so many ranks.
     *
     * @throws IllegalArgumentException if its dimensions, or those of matrices that were published quantized, cannot be
     *     divided so
     */
    public void requireSplittable(int ranks) {
        requireSplittable(packing.map(PlannedPacking::packing), prepacked, config.text(), ranks);
    }

    static void requireSplittable(
            Optional<Packing> packing, Optional<Quantization> prepacked, TextConfig text, int ranks) {
        if (prepacked.isPresent() && ranks > 1) {
            throw new IllegalArgumentException("expected one device for a checkpoint that is prepacked, found " + ranks
                    + ": take the checkpoint that the folder was made from");
        }
        RankSplit split = new RankSplit(text, 0, ranks);
        if (ranks > 1) {
            packing.ifPresent(split::requireHolds);
        }
    }

    /**
     * Says whether a device can compute with the weights in a type.
     *
     * @throws IllegalArgumentException if they lie in the order of kernels for other devices, or types
     */
    public void requireComputable(DeviceSpec.Kind device, DType dtype) {
        requireComputable(prepacked, device, dtype);
    }

    static void requireComputable(Optional<Quantization> prepacked, DeviceSpec.Kind device, DType dtype) {
        if (prepacked.isPresent() && (device != DeviceSpec.Kind.CPU || dtype != DType.BFLOAT16)) {
            throw new IllegalArgumentException(
                    "expected --device cpu and --dtype bfloat16, for which its weights are prepacked, found "
                            + device.name().toLowerCase(Locale.ROOT) + " and " + dtype.wireName()
                            + ": take the checkpoint that the folder was made from");
        }
    }

    /** Whether the model can be split in so many ranks. */
    public boolean isSplittable(int ranks) {
        try {
            requireSplittable(ranks);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
