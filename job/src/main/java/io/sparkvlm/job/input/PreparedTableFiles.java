package io.sparkvlm.job.input;

import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.parquet.ParquetFiles;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.PreparationStamp;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Recognizes an input that {@code prepare} wrote, and reads its rows. */
public record PreparedTableFiles(RequestFiles files, PreparationStamp stamp) {
    public static Optional<PreparedTableFiles> of(RequestFiles files, SparkSession spark) throws JobRefusedException {
        if (files.format() != InputFormat.PARQUET) {
            return Optional.empty();
        }
        return PreparationStamp.of(schema(files.files().subList(0, 1), spark)) // one file's footer tells
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
        Dataset<Row> prepared = spark.read()
                .schema(schema(files.files(), spark))
                .parquet(files.files().stream()
                        .map(FileStatus::getPath)
                        .map(RequestFiles::literally)
                        .toArray(String[]::new));
        return stamp.renamed(prepared, job);
    }

    /** The columns, as Spark wrote them, of files that one job wrote. */
    private static StructType schema(List<FileStatus> files, SparkSession spark) throws JobRefusedException {
        List<Path> paths = files.stream().map(FileStatus::getPath).toList();
        return ParquetFiles.read(paths, spark).get(0).schema().columns();
    }
}
