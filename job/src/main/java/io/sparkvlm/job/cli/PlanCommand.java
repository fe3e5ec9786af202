package io.sparkvlm.job.cli;

import io.sparkvlm.engine.MemoryPlan;
import io.sparkvlm.engine.PublishedModel;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.job.options.PlanOptions;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.job.plan.PlanReport;
import io.sparkvlm.job.plan.PlanTable;
import io.sparkvlm.job.plan.Planner;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.spark.settings.ModelFolder;
import io.sparkvlm.torch.device.DeviceMemory;
import io.sparkvlm.torch.device.DeviceSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
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
        try {
            Planner planner = new Planner(planned(model), settings.plannedConfig(kind));
            MemoryPlan plan = planner.plan(deviceBytes(kind));
            new PlanReport(planner, model, options.rowTokens()).lines(plan).forEach(out::println);
            return (plan.fits(options.rowTokens()) ? ExitCode.DONE : ExitCode.ABORTED).code();
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }

    private long deviceBytes(DeviceSpec.Kind kind) throws JobRefusedException {
        if (options.deviceBytes().isEmpty() && kind == DeviceSpec.Kind.CUDA) {
            throw new JobRefusedException("expected --device-memory, as 80g for a GPU of 80 GB, or --device cpu");
        }
        return options.deviceBytes().orElseGet(() -> DeviceMemory.freeBytes(DeviceSpec.CPU));
    }

    /** A folder goes before the name, so that a checkpoint of one's own is what is planned. */
    private static PlannedModel planned(String model) throws IOException {
        try {
            return PlannedModel.read(ModelFolder.ofThisMachine().resolve(model));
        } catch (IOException e) {
            Optional<PublishedModel> published = PublishedModel.named(model);
            if (published.isEmpty()) {
                throw e;
            }
            return PlannedModel.published(published.get().config());
        }
    }
}
