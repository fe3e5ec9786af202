package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.torch.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * What of a model decides how much memory it takes, without its weights.
 *
 * @param mappable whether the weight of a name can be read where it lies in its file, as numbers of a type
 */
public record PlannedModel(ModelConfig config, BiPredicate<String, DType> mappable) {
    /**
     * Reads config.json, and the headers of the weights where they are there.
     *
     * @throws CheckpointException when they are not what they should be, or the weights were published quantized
     */
    public static PlannedModel read(Path folder) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(new CheckpointFolder(folder));
        if (PackingReader.read(config).isPresent()) {
            throw new CheckpointException(
                    folder,
                    "expected weights that are rounded when they are loaded, or not at all, found a checkpoint that was"
                            + " published quantized: its weights take what its files take");
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.noneMatch(file -> file.toString().endsWith(".safetensors"))) {
                return published(ModelConfigReader.read(config));
            }
        }
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return of(checkpoint);
        }
    }

    /** What a checkpoint that was not published quantized says; the plan outlives it. */
    public static PlannedModel of(Checkpoint checkpoint) {
        return new PlannedModel(checkpoint.config(), checkpoint::isMappable);
    }

    /** A model whose weights are stored as they are published: in bfloat16. */
    public static PlannedModel published(ModelConfig config) {
        WeightShapes shapes = WeightShapes.of(config);
        return new PlannedModel(config, (name, dtype) -> {
            long numbers = shapes.all().get(name).stream().reduce(1L, (one, other) -> one * other);
            return dtype == DType.BFLOAT16 && SafetensorsFile.isInOneMap(numbers * dtype.bytes());
        });
    }
}
