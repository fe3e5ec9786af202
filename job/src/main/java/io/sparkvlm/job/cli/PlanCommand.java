package io.sparkvlm.job.cli;

import io.sparkvlm.job.options.PlanOptions;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.job.plan.PlanTable;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.torch.device.DeviceMemory;
import io.sparkvlm.torch.device.DeviceSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plan}: says how a model's memory is divided on devices that need not be there. Reads no weights and starts no Spark. */
@Command(
        name = "plan",
        description = "Says whether a model fits the memory of a device, how many rows it works on at once, and what to"
                + " change where it does not fit.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private PlanOptions options;

    @Mixin
    private EngineOptions engine;

    @Override
    public Integer call() throws JobRefusedException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (options.rowTokens() < 1) {
            throw new JobRefusedException("expected row-tokens of at least 1, found " + options.rowTokens());
        }
        if (options.table()) {
            new PlanTable(engine.settings("any").plannedConfig(DeviceSpec.Kind.CUDA), options.rowTokens())
                    .lines()
                    .forEach(out::println);
            return ExitCode.DONE.code();
        }
        String model = options.model().orElseThrow(() -> new JobRefusedException("expected --model or --table"));
        EngineSettings settings = engine.settings(model);
        DeviceSpec.Kind kind = settings.device().equals("cpu") ? DeviceSpec.Kind.CPU : DeviceSpec.Kind.CUDA;
        DevicePlan plan = DevicePlan.of(model, settings, kind, deviceBytes(kind));
        plan.lines(options.rowTokens()).forEach(out::println);
        return (plan.plan().fits(options.rowTokens()) ? ExitCode.DONE : ExitCode.ABORTED).code();
    }

    private long deviceBytes(DeviceSpec.Kind kind) throws JobRefusedException {
        if (options.deviceBytes().isEmpty() && kind == DeviceSpec.Kind.CUDA) {
            throw new JobRefusedException("expected --device-memory, as 80g for a GPU of 80 GB, or --device cpu");
        }
        return options.deviceBytes().orElseGet(() -> DeviceMemory.freeBytes(DeviceSpec.CPU));
    }
}
