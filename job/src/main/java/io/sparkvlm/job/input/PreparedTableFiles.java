package io.sparkvlm.job.input;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.PreparationStamp;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Recognizes an input that {@code prepare} wrote, and reads its rows. */
public record PreparedTableFiles(RequestFiles files, PreparationStamp stamp) {
    public static Optional<PreparedTableFiles> of(RequestFiles files, SparkSession spark) throws JobRefusedException {
        if (files.format() != InputFormat.PARQUET) {
            return Optional.empty();
        }
        // One file's footer tells.
        return PreparationStamp.of(
                        read(spark, RequestFiles.literally(files.files().get(0).getPath()))
                                .schema())
                .map(stamp -> new PreparedTableFiles(files, stamp));
    }

    /**
     * The rows, if a job of these settings can take them.
     *
     * @throws JobRefusedException naming what the table was made for
     */
    public Dataset<Row> read(SparkSession spark, PreprocessingSettings settings) throws JobRefusedException {
        PreparationStamp job;
        try {
            job = PreparationStamp.of(settings);
            stamp.requireUsableBy(job);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
        // Row by row: a batch of them, each with its pictures, can be gigabytes.
        spark.conf().set("spark.sql.parquet.enableVectorizedReader", false);
        Dataset<Row> prepared = read(
                spark,
                files.files().stream()
                        .map(FileStatus::getPath)
                        .map(RequestFiles::literally)
                        .toArray(String[]::new));
        return stamp.renamed(prepared, job);
    }

    private static Dataset<Row> read(SparkSession spark, String... paths) throws JobRefusedException {
        try {
            return spark.read().parquet(paths);
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new JobRefusedException("the input's Parquet files cannot be read: " + RootCause.of(e), e);
        }
    }
}
