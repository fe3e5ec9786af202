package io.sparkvlm.job.cli;

import io.sparkvlm.job.doctor.Machine;
import io.sparkvlm.job.dryrun.DryRunReport;
import io.sparkvlm.job.input.JobSource;
import io.sparkvlm.job.input.TableSelection;
import io.sparkvlm.job.options.DeadlineOption;
import io.sparkvlm.job.options.DedupeOption;
import io.sparkvlm.job.options.DryRunOptions;
import io.sparkvlm.job.options.OpenedSpark;
import io.sparkvlm.job.options.OutputOptions;
import io.sparkvlm.job.options.PreprocessingOption;
import io.sparkvlm.job.options.TableOptions;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.job.options.inference.InferenceOptions;
import io.sparkvlm.job.options.inference.RemoteEngineOptions;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.run.DryRun;
import io.sparkvlm.job.run.GenerateJob;
import io.sparkvlm.job.run.StopSignals;
import io.sparkvlm.job.run.summary.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code generate}: answers requests. Everything that can be refused is refused before Spark starts. */
@Command(
        name = "generate",
        aliases = "run-batch", // vLLM's name for it
        customSynopsis = "sparkvlm generate --model=MODEL --input=PATH --output=PATH [OPTIONS]",
        description = "Answers a table of OpenAI chat requests and writes the completions as Parquet.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class GenerateCommand extends JobCommand {
    @Mixin
    private OutputOptions output;

    @Mixin
    private DryRunOptions dryRun;

    @Mixin
    private TableOptions tables;

    @Mixin
    private DedupeOption dedupe;

    @Mixin
    private PreprocessingOption preprocessing;

    @Mixin
    private DeadlineOption deadline;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private RemoteEngineOptions remote;

    @Override
    public Integer call() throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        Optional<Double> maxErrorFraction = output.maxErrorFraction();
        Configuration hadoop = spark().hadoop();
        InferenceConfig inference = inference(hadoop);
        GenerateJob job = new GenerateJob(
                source(hadoop),
                output.folder(hadoop),
                output.existing(),
                inference,
                preprocessing.mode(inference.engine()),
                dedupe.repeats());
        Optional<JobSummary> finished = job.finished(hadoop);
        if (dryRun.wanted()) {
            DryRunReport report = look(job);
            print(dryRun.json() ? report.json() : String.join(System.lineSeparator(), report.lines()));
            return ExitCode.of(report.findings().errorFraction(), maxErrorFraction)
                    .code();
        }
        JobSummary summary = finished.isPresent() ? finished.get() : run(job, hadoop, deadline.moment());
        print(summary.text());
        return ExitCode.of(summary.errorFraction(), maxErrorFraction).code();
    }

    private DryRunReport look(GenerateJob job)
            throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        DryRun run = new DryRun(job, dryRun.calibrationRows(), dryRun.pricePerHour(), begun());
        Optional<DryRunMemory> memory = job.inference().engine().isRemote()
                ? Optional.empty()
                : Optional.of(DryRunMemory.of(
                        model(),
                        engine.settings(model()),
                        dryRun.deviceBytes(),
                        spark().isLocal(),
                        Machine.ofThisProcess()));
        DryRunReport report = run(
                run::run,
                OpenedSpark.of(
                        () -> run.calibrationRows() == 0 ? spark().openForTables() : spark().openFor(job.inference())));
        return memory.isPresent()
                ? report.withMemory(
                        memory.get().lines(Math.max(1, report.findings().mostRowTokens())))
                : report;
    }

    /** A session that is open has begun before: what a job needs beside it begins now. */
    private static Instant begun() {
        return OpenedSpark.running().isPresent()
                ? Instant.now()
                : Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    private InferenceConfig inference(Configuration hadoop) throws JobRefusedException, InterruptedException {
        return remote.config(new InferenceOptions(model(), engine, requests()), hadoop);
    }

    private JobSource source(Configuration hadoop) throws JobRefusedException {
        Optional<TableSelection> table = tables.selection(inputs(), hadoop);
        return table.isPresent() ? table.get() : input(hadoop);
    }

    private JobSummary run(GenerateJob job, Configuration hadoop, Optional<Instant> deadline)
            throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        try (OutputLock lock = job.lock(hadoop);
                StopSignals.Running running = StopSignals.at(deadline)) {
            return run((session, progressTo) -> job.run(session, lock, progressTo), spark().openFor(job.inference()));
        }
    }
}
