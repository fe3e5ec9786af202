package io.sparkvlm.job.doctor;

import static io.sparkvlm.job.doctor.MachineChecks.gigabytes;

import io.sparkvlm.engine.weights.Checkpoint;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.settings.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Says whether a checkpoint is there, is whole, and has room in the memory of the machine. */
public final class ModelCheck {
    /** What libtorch works in beside weights, keys and values, for Qwen2-VL-2B: docs/how-to/cluster.md. */
    private static final long WORKING_BYTES = 3_000_000_000L;

    private ModelCheck() {}

    /**
     * The finding of one model.
     *
     * @param model a folder or Org/Name
     * @param freeBytes memory that could be had
     */
    public static Finding of(String model, long freeBytes) {
        try {
            Path folder = ModelFolder.ofThisMachine().resolve(model);
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                return fit("model " + model + ": whole", weightBytes(folder), freeBytes);
            }
        } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
            return Finding.missing(
                    "model " + model + ": " + RootCause.of(e),
                    "take a folder of Qwen2-VL, or download it again with \"hf download\"");
        }
    }

    private static Finding fit(String what, long weightBytes, long freeBytes) {
        long neededBytes = weightBytes + WORKING_BYTES;
        String sizes = what + ", " + gigabytes(weightBytes) + " GB of weights";
        return neededBytes <= freeBytes
                ? Finding.ok(sizes)
                : Finding.warn(
                        sizes + ", and " + gigabytes(freeBytes) + " GB of memory can be had",
                        "make " + gigabytes(neededBytes) + " GB free, or round weights with --quantization");
    }

    private static long weightBytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            long bytes = 0;
            for (Path file : files.filter(name -> name.toString().endsWith(".safetensors"))
                    .toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }
}
