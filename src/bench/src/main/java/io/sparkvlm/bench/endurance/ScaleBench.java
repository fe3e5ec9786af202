package io.sparkvlm.bench.endurance;

import io.sparkvlm.bench.Checkout;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.kill.JobCommand;
import io.sparkvlm.job.kill.JobProcess;
import io.sparkvlm.job.output.OutputFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs jobs of more and more rows on an engine that takes no time, and tells what the driver and a row cost. */
@Command(
        name = "scale",
        description = "Rows a second and live heap of jobs of more and more rows, on a fake engine of 0 ms a row, with"
                + " driver and executor in one process.")
public final class ScaleBench implements Callable<Integer> {
    private static final int ROWS_OF_A_SMALL_FILE = 5;
    private static final int SECONDS_BETWEEN_SAMPLES = 5;
    /** Of letters at random, which do not compress. */
    private static final int BYTES_OF_A_ROW_GROUP = 1 << 30;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "ROWS", description = "Of each job (default: 10000, 100000, 1000000)")
    private List<Integer> sizes = List.of(10_000, 100_000, 1_000_000);

    @Option(
            names = "--shape",
            defaultValue = "lines",
            description = "Of the input: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Shape shape;

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            defaultValue = "1024",
            description = "Of the process; a row group is held whole (default: ${DEFAULT-VALUE})")
    private int heapMib;

    @Option(names = "--cluster", description = "A master beside the process, as local-cluster[2,1,1024]")
    private String master = "local[2,4]";

    /** How rows lie in files. */
    enum Shape {
        LINES,
        /** One file that cannot be split. */
        GZIP,
        /** Five rows each. */
        SMALL_FILES,
        /** One of a gigabyte, whose rows have a wide column of the user's own. */
        ROW_GROUP,
        /** A file without a row. */
        EMPTY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-12s %9s %9s %9s %24s %16s%n",
                "shape", "rows", "seconds", "rows/s", "processor's ms a row", "live heap, MiB");
        boolean well = true;
        for (int rows : shape == Shape.EMPTY ? List.of(0) : sizes) {
            well &= run(rows, out);
        }
        return well ? 0 : 1;
    }

    private boolean run(int rows, PrintWriter out) throws Exception {
        Path work = Files.createTempDirectory("sparkvlm-scale");
        JobCommand command = new JobCommand(
                Checkout.file("job").toAbsolutePath(),
                input(rows, work),
                work.resolve("out").toString(),
                OutputFormat.PARQUET,
                heapMib,
                options());
        long start = System.nanoTime();
        double heap = 0;
        Duration busy = Duration.ZERO;
        try (JobProcess job = command.start(work.resolve("log"))) {
            while (!job.process().waitFor(SECONDS_BETWEEN_SAMPLES, TimeUnit.SECONDS)) {
                heap = Math.max(heap, ProcessSample.of(job.process().toHandle()).heapMib());
                busy = job.process().info().totalCpuDuration().orElse(busy);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long answered = new PublishedRows(work.resolve("out")).count();
            out.printf(
                    "%-12s %9d %9.1f %9.0f %24.3f %16.0f%n",
                    shape, rows, seconds, rows / seconds, (double) busy.toMillis() / Math.max(1, rows), heap);
            if (job.exitCode() != 0 || answered != rows) {
                out.printf("    exit code %d, %d rows: see %s%n", job.exitCode(), answered, work);
                return false;
            }
        } finally {
            out.flush();
        }
        return true;
    }

    private List<String> options() {
        List<String> options = new ArrayList<>(List.of("millis=0", "rowsPerFile=256", "spark.master=" + master));
        LocalSpark.GENERATED.forEach((key, value) -> options.add(key + "=" + value));
        return options;
    }

    private Path input(int rows, Path work) throws IOException {
        Path lines = work.resolve("in.jsonl");
        switch (shape) {
            case EMPTY -> Files.createFile(lines);
            case LINES -> write(Files.newOutputStream(lines), 0, rows, 0);
            case GZIP -> {
                Path zipped = work.resolve("in.jsonl.gz");
                write(new GZIPOutputStream(Files.newOutputStream(zipped)), 0, rows, 0);
                return zipped;
            }
            case SMALL_FILES -> {
                Path folder = Files.createDirectories(work.resolve("in"));
                for (int first = 0; first < rows; first += ROWS_OF_A_SMALL_FILE) {
                    write(
                            Files.newOutputStream(folder.resolve(first + ".jsonl")),
                            first,
                            Math.min(rows, first + ROWS_OF_A_SMALL_FILE),
                            0);
                }
                return folder;
            }
            case ROW_GROUP -> {
                write(Files.newOutputStream(lines), 0, rows, BYTES_OF_A_ROW_GROUP / rows);
                return rowGroup(lines, work.resolve("in.parquet"));
            }
        }
        return lines;
    }

    private static void write(OutputStream to, int first, int end, int noteBytes) throws IOException {
        Random random = new Random(first);
        try (BufferedWriter lines = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8))) {
            for (int row = first; row < end; row++) {
                String note = noteBytes == 0 ? "" : ",\"note\":\"" + letters(random, noteBytes) + "\"";
                lines.write("{\"messages\":[{\"role\":\"user\",\"content\":\"" + row + "\"}],\"max_tokens\":4" + note
                        + "}");
                lines.newLine();
            }
        }
    }

    private static String letters(Random random, int count) {
        return random.ints(count, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static Path rowGroup(Path lines, Path table) throws IOException {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            spark.read()
                    .json(lines.toString())
                    .coalesce(1)
                    .write()
                    .option("parquet.block.size", 2047L << 20)
                    .option("compression", "none")
                    .parquet(table.toString());
        }
        return table;
    }
}
