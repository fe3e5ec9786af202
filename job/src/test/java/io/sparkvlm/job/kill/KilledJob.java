package io.sparkvlm.job.kill;

import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.FlakyFileSystem;
import io.sparkvlm.job.FlakyFileSystem.Step;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart.Existing;
import io.sparkvlm.job.run.GenerateJob;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.run.StopSignals;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.spark.settings.EngineSource;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A job in a process of its own, as the command line runs it but for its engine, which comes to harm: from outside, or by
 * what it is told. Prints its summary, or the line of its refusal.
 *
 * <p>Beside Spark's settings it takes {@code ends}, a moment of the engine, or a step of a file system with the beginning of
 * a file's name, as {@code DONE:part-}; {@code fails}, a share of what the file system is asked; {@code broken}, the address
 * of a machine whose engines do not open; {@code millis} that a row takes, {@code rowsPerFile} and {@code preprocessing}.
 */
public final class KilledJob {
    public static final int ROWS_PER_FILE = 8;
    public static final int CORES = 2;
    /** How many rows a kill may make a running task begin again: two files, the engine's, and those fetched ahead. */
    public static final int MOST_BEGUN_AGAIN = 2 * ROWS_PER_FILE + 8 + 32;

    public static final int KILLED = 137;
    static final int ROWS_OF_A_TASK_THAT_IS_KILLED = 100;

    private static final Random RANDOM = new Random();

    private KilledJob() {}

    /** Input, output, format, and options. */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = new TreeMap<>();
        Arrays.stream(args).skip(3).map(option -> option.split("=", 2)).forEach(o -> options.put(o[0], o[1]));
        Optional<String> ends = Optional.ofNullable(options.remove("ends"));
        double fails = Double.parseDouble(take(options, "fails", "0"));
        FlakyFileSystem.follow((step, name) -> {
            if (ends.filter(at -> isAt(at, step, name)).isPresent()) {
                Runtime.getRuntime().halt(KILLED);
            }
            if (RANDOM.nextDouble() < fails * step.shareOfItsKind()) {
                throw new IOException("flaky");
            }
        });
        PreprocessingMode mode = PreprocessingMode.valueOf(take(options, "preprocessing", "FUSED"));
        Optional<String> deadline = Optional.ofNullable(options.remove("deadline"));
        int millis = Integer.parseInt(take(options, "millis", "" + PromptEngine.MILLIS));
        int rowsPerFile = Integer.parseInt(take(options, "rowsPerFile", "" + ROWS_PER_FILE));
        StopSignals.take();
        Configuration hadoop = new Configuration();
        FlakyFileSystem.register(hadoop);
        PromptEngine.Source engine = new PromptEngine.Source(
                Arrays.stream(PromptEngine.Moment.values())
                        .filter(moment -> ends.equals(Optional.of(moment.name())))
                        .collect(Collectors.toSet()),
                take(options, "broken", ""),
                millis);
        GenerateJob job = job(args[0], OutputFolder.of(args[1], OutputFormat.valueOf(args[2]), hadoop), engine, mode);
        deadline.ifPresent(published -> endAtADeadline(new File(args[1]), Integer.parseInt(published)));
        System.exit(run(job, hadoop, rowsPerFile, options));
    }

    private static GenerateJob job(String input, OutputFolder output, EngineSource engine, PreprocessingMode mode)
            throws JobRefusedException {
        return new GenerateJob(
                new InputSelection(
                        RequestFiles.find(input, InputFormat.AUTO, new Configuration()),
                        ColumnRoles.NONE,
                        Optional.empty()),
                output,
                Existing.KEPT,
                EchoInference.config(engine, new WebAccess(List.of("localhost"), List.of("127.0.0.0/8", "::1/128")), 7),
                mode);
    }

    /** The same job in this process, which nothing happens to. */
    static GenerateJob undisturbed(Path input, Path output) throws JobRefusedException {
        return job(
                input.toString(),
                OutputFolder.of(output.toString(), OutputFormat.PARQUET, new Configuration()),
                new PromptEngine.Source(Set.of(), "", 0),
                PreprocessingMode.FUSED);
    }

    /** A deadline that comes when so many files are published. */
    private static void endAtADeadline(File output, int files) {
        Thread deadline = new Thread(
                () -> {
                    while (Optional.ofNullable(output.list((folder, name) -> name.startsWith("part-")))
                                    .orElse(new String[0])
                                    .length
                            < files) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    }
                    StopSignals.at(Optional.of(Instant.now()));
                },
                "deadline");
        deadline.setDaemon(true);
        deadline.start();
    }

    private static boolean isAt(String end, Step step, String name) {
        String[] stepAndName = end.split(":", 2);
        return stepAndName.length == 2 && step.name().equals(stepAndName[0]) && name.startsWith(stepAndName[1]);
    }

    private static String take(Map<String, String> options, String name, String otherwise) {
        return Optional.ofNullable(options.remove(name)).orElse(otherwise);
    }

    private static int run(GenerateJob job, Configuration hadoop, int rowsPerFile, Map<String, String> settings)
            throws Exception {
        try {
            if (job.finished(hadoop).isPresent()) {
                System.out.println("finished");
                return 0;
            }
            SparkSession.Builder builder = LocalSpark.withCoresBuilder(CORES);
            settings.forEach(builder::config);
            try (OutputLock lock = job.lock(hadoop);
                    SparkSession spark = builder.getOrCreate()) {
                spark.conf().set("spark.sql.files.maxRecordsPerFile", rowsPerFile);
                FlakyFileSystem.register(spark.sparkContext().hadoopConfiguration());
                System.out.println("running");
                System.out.println(job.run(spark, lock, new PrintWriter(new StringWriter()))
                        .text());
            }
            return 0;
        } catch (JobRefusedException e) {
            System.out.println("refused: " + e.getMessage());
            return 2;
        } catch (JobStoppedException e) {
            System.out.println(e.getMessage());
            return 1;
        }
    }
}
