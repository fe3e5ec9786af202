package io.sparkvlm.job.cli;

import io.sparkvlm.job.doctor.Machine;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.torch.device.DeviceSpec;
import java.util.List;
import java.util.Optional;

/**
 * Says how the memory of a job's devices will be divided, as far as the machine that submits the job can tell.
 *
 * @param plan empty where the devices are GPUs, or may be those of other machines
 */
record DryRunMemory(Optional<DevicePlan> plan) {
    private static final String NOT_PLANNED =
            "not planned here; ./sparkvlm plan --device-memory GB says what fits a GPU of that size";

    /** @param local whether the job runs on this machine */
    static DryRunMemory of(String model, EngineSettings settings, boolean local, Machine machine)
            throws JobRefusedException {
        boolean cpu = settings.device().equals("cpu")
                || (local
                        && settings.device().equals(EngineSettings.AUTO)
                        && machine.nvidiaDriver().isEmpty());
        return new DryRunMemory(
                cpu && machine.freeBytes().isPresent()
                        ? Optional.of(DevicePlan.of(
                                model,
                                settings,
                                DeviceSpec.Kind.CPU,
                                machine.freeBytes().getAsLong()))
                        : Optional.empty());
    }

    /** @param rowTokens prompt and answer of the longest row */
    List<String> lines(int rowTokens) throws JobRefusedException {
        return plan.isPresent() ? plan.get().lines(rowTokens) : List.of(NOT_PLANNED);
    }
}
