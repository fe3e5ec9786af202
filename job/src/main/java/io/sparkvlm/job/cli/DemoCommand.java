package io.sparkvlm.job.cli;

import io.sparkvlm.job.demo.AnswerKey;
import io.sparkvlm.job.demo.DemoAnswer;
import io.sparkvlm.job.demo.DemoFolder;
import io.sparkvlm.job.demo.DemoReport;
import io.sparkvlm.job.demo.DemoScore;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.job.options.inference.InferenceOptions;
import io.sparkvlm.job.options.inference.RequestOptions;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart;
import io.sparkvlm.job.run.GenerateJob;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.run.summary.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.job.text.ShellWord;
import io.sparkvlm.job.text.TerminalWidth;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: runs the same job as {@code generate} on the model and the requests that the jar carries. */
@Command(
        name = "demo",
        description = "Answers a hundred requests with the small model inside the jar, and says how well.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
@HelpGroup.Of(HelpGroup.OUTPUT)
final class DemoCommand implements Callable<Integer> {
    /** Longer lines are hard to read, however wide the terminal. */
    private static final int WIDEST = 100;

    private static final int USUAL_WIDTH = 80;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--folder",
            defaultValue = "sparkvlm-demo",
            paramLabel = "FOLDER",
            description = "Where the demo puts its files and its answers: a folder that is not there yet, or an earlier"
                    + " demo's; all executors must see it (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        DemoFolder demo = unpack();
        AnswerKey key = AnswerKey.read(demo.path());
        out.printf(
                "%d questions for the small model inside the jar, and %d bad ones on purpose%nFolder: %s%n",
                key.questions().size(), key.faults().size(), demo.path());
        out.flush();
        Configuration hadoop = spark.hadoop();
        GenerateJob job = new GenerateJob(
                new InputSelection(
                        RequestFiles.find(local(demo.requests()), InputFormat.JSONL, hadoop),
                        ColumnRoles.NONE,
                        Optional.empty()),
                OutputFolder.of(local(demo.output()), OutputFormat.PARQUET, hadoop),
                OutputStart.Existing.KEPT, // nothing, because what an earlier demo answered is deleted
                new InferenceOptions(demo.model().toString(), engine, requests(demo)).config(hadoop),
                PreprocessingMode.FUSED);
        JobSummary summary;
        DemoScore score;
        try (OutputLock lock = job.lock(hadoop);
                SparkSession session = spark.openFor(job.inference())) {
            summary = job.run(session, lock, spec.commandLine().getErr());
            score = DemoScore.of(key, DemoAnswer.readAll(job.output().read(session)));
        }
        int width = Math.min(WIDEST, TerminalWidth.of(System.getenv()).orElse(USUAL_WIDTH));
        out.printf("%n%s%n%n", new DemoReport(score, width).text());
        out.printf(
                Locale.ROOT,
                "Speed. %d rows in %.1f s with the start of the engine: %.1f rows/s, %.0f tokens/s.%n%n",
                summary.rows(),
                summary.seconds(),
                summary.rowsPerSecond(),
                summary.tokensPerSecond());
        out.printf("The answers are a table in Parquet. To look at them:%n%n");
        out.printf("  ./sparkvlm show %s%n", ShellWord.of(demo.output().toString()));
        out.printf("  spark.read.parquet(\"%s\")%n", demo.output());
        out.flush();
        return ExitCode.DONE.code();
    }

    private DemoFolder unpack() throws JobRefusedException {
        try {
            return DemoFolder.prepare(folder);
        } catch (IOException e) {
            throw new JobRefusedException(e.getMessage() + "; --folder chooses another place", e);
        }
    }

    /** The defaults, whatever the configuration says: the demo's requests are made for them. */
    static RequestOptions requests(DemoFolder demo) {
        RequestOptions requests = new RequestOptions();
        new CommandLine(requests)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs("--allowed-local-media-path", demo.path().toString());
        return requests;
    }

    /** With its scheme, because Hadoop's default may be another file system. */
    private static String local(Path path) {
        return "file://" + path;
    }
}
