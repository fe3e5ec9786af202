package io.sparkvlm.job.cli;

import io.sparkvlm.job.doctor.Machine;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.torch.device.DeviceSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Says how the memory of a job's devices will be divided, as far as the machine that submits the job can tell.
 *
 * @param plan empty where it is not known what the devices have
 */
record DryRunMemory(Optional<DevicePlan> plan) {
    private static final String NOT_PLANNED =
            "not planned; --device-memory GB, as 24g, says what fits a GPU of that size";

    /**
     * The plan for devices of the memory that was said, or for this machine where its processor answers.
     *
     * @param said of one device; empty where nothing is said of it
     * @param local whether the job runs on this machine
     */
    static DryRunMemory of(String model, EngineSettings settings, OptionalLong said, boolean local, Machine machine)
            throws JobRefusedException {
        boolean cpu = settings.device().equals("cpu")
                || (said.isEmpty()
                        && local
                        && settings.device().equals(EngineSettings.AUTO)
                        && machine.nvidiaDriver().isEmpty());
        DeviceSpec.Kind kind = cpu ? DeviceSpec.Kind.CPU : DeviceSpec.Kind.CUDA;
        OptionalLong deviceBytes = said.isEmpty() && cpu ? machine.freeBytes() : said;
        return new DryRunMemory(
                deviceBytes.isPresent()
                        ? Optional.of(DevicePlan.of(model, settings, kind, deviceBytes.getAsLong()))
                        : Optional.empty());
    }

    /** @param rowTokens prompt and answer of the longest row */
    List<String> lines(int rowTokens) throws JobRefusedException {
        return plan.isPresent() ? plan.get().lines(rowTokens) : List.of(NOT_PLANNED);
    }
}
