package io.sparkvlm.job.doctor;

import static io.sparkvlm.job.text.Figures.gigabytes;

import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.MemoryPlan;
import io.sparkvlm.engine.weights.Checkpoint;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.settings.ModelFolder;
import io.sparkvlm.torch.natives.MissingDeviceException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Says whether a checkpoint is there, is whole, and has room in the memory of the machine. */
public final class ModelCheck {
    /** Prompt and answer of a row with a picture or two. */
    private static final int ROW_TOKENS = 2048;

    private ModelCheck() {}

    /**
     * The finding of one model.
     *
     * @param model a folder or Org/Name
     * @param freeBytes memory that could be had
     * @param engine what it would be opened with on the CPU
     */
    public static Finding of(String model, long freeBytes, EngineConfig engine) {
        try {
            try (Checkpoint checkpoint =
                    Checkpoint.open(ModelFolder.ofThisMachine().resolve(model))) {
                String whole = "model " + model + ": whole";
                return fit(whole, MemoryPlan.of(engine, PlannedModel.of(checkpoint), freeBytes));
            }
        } catch (LinkageError | MissingDeviceException e) {
            return Finding.missing(
                    "model " + model + ": not looked at without libtorch", "see to the native libraries first");
        } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
            return Finding.missing(
                    "model " + model + ": " + RootCause.of(e),
                    "take a folder of Qwen2-VL, or download it again with \"hf download\"");
        }
    }

    private static Finding fit(String what, MemoryPlan plan) {
        long neededBytes = plan.neededBytes(ROW_TOKENS);
        String sizes = what + ", " + gigabytes(plan.model().mostWeightBytes()) + " of weights";
        return neededBytes <= plan.deviceBytes()
                ? Finding.ok(sizes)
                : Finding.warn(
                        sizes + ", and " + gigabytes(plan.deviceBytes()) + " of memory can be had",
                        "make " + gigabytes(neededBytes) + " free, or round weights with --quantization: \"plan\" says"
                                + " what that saves");
    }
}
