package io.sparkvlm.it;

import io.sparkvlm.job.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs the job as its users do, and reads what it wrote. */
final class Job {
    private Job() {}

    /**
     * The arguments of {@code generate} with the reference checkpoint in float32, and others. Spark generates code for the plans, as
     * it does for more rows than a test has.
     */
    static List<String> generate(Path input, Path output, String... others) {
        List<String> args = new ArrayList<>(List.of(
                "generate",
                "--model",
                Reference.checkpoint().toString(),
                "--served-model-name",
                "tiny",
                "--dtype",
                "float32",
                "--kv-cache-memory-bytes",
                "64m",
                "--conf=spark.sql.codegen.wholeStage=true",
                "--allowed-local-media-path",
                Reference.media().toString(),
                "--input",
                input.toString(),
                "--output",
                output.toString()));
        args.addAll(List.of(others));
        return args;
    }

    /** In this JVM; returns the exit code. */
    static int run(List<String> args) {
        return Main.run(args.toArray(String[]::new));
    }

    static List<Row> rows(Path output) {
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            List<Row> rows =
                    new ArrayList<>(spark.read().parquet(output.toString()).collectAsList());
            rows.sort(Comparator.comparing(row -> row.<String>getAs("row_id")));
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
