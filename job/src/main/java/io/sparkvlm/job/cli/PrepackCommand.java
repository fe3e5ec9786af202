package io.sparkvlm.job.cli;

import static io.sparkvlm.job.text.Figures.gigabytes;

import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.job.options.ModelOption;
import io.sparkvlm.job.options.inference.PrepackOptions;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.settings.ModelFolder;
import io.sparkvlm.torch.TorchThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code prepack}: writes a copy of a checkpoint that engines on CPUs open where it lies. Starts no Spark. */
@Command(
        name = "prepack",
        customSynopsis = "sparkvlm prepack --model=MODEL --output=FOLDER [OPTIONS]",
        description = "Writes a copy of a checkpoint whose weights lie in the order in which engines on CPUs read them:"
                + " it opens sooner, and the executors of a machine share its memory.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PrepackCommand implements Callable<Integer> {
    private static final long PROGRESS_BYTES = 1_000_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private PrepackOptions options;

    @Override
    public Integer call() throws JobRefusedException {
        Path output = options.output().toAbsolutePath().normalize();
        if (Files.exists(output)) {
            throw new JobRefusedException("expected an output that is not there yet, found " + output);
        }
        AtomicLong bytes = new AtomicLong();
        try {
            Path folder = ModelFolder.ofThisMachine().resolve(model.model());
            TorchThreads.use(Runtime.getRuntime().availableProcessors());
            say("reading " + model.model() + " …");
            Qwen2Vl.prepack(folder, output, options.quantization(), some -> written(bytes, some));
        } catch (IOException e) {
            throw new JobRefusedException(RootCause.of(e), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Wrote " + gigabytes(bytes.get()) + " of weights to " + output);
        return ExitCode.DONE.code();
    }

    private void written(AtomicLong bytes, long some) {
        long before = bytes.getAndAdd(some);
        if (before / PROGRESS_BYTES != (before + some) / PROGRESS_BYTES) {
            say(gigabytes(before + some) + " written …");
        }
    }

    private void say(String progress) {
        spec.commandLine().getErr().println("sparkvlm: " + progress);
    }
}
