package io.sparkvlm.job.output;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.not;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.spark.commit.Ownership;
import io.sparkvlm.spark.commit.PublishedFiles;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Takes the rows out of a table whose errors may pass, so that they are answered as rows are that were never begun.
 *
 * <p>The other rows of their files are written to a hidden folder first, then a list of the files that they replace. From
 * then on the list says what is left to do, also to a later start: the old files go, and then the new ones get their names,
 * so that no row is there twice at any time.
 */
final class FailedRows {
    private static final String KEPT = OutputFolder.WORK + "/kept";
    private static final String REPLACED = OutputFolder.WORK + "/replaced";

    private final OutputFolder output;
    private final FileSystem system;
    private final Path kept;
    private final Path replaced;

    FailedRows(OutputFolder output, Configuration hadoop) throws IOException {
        this.output = output;
        this.system = output.path().getFileSystem(hadoop);
        this.kept = new Path(output.home(), KEPT);
        this.replaced = new Path(output.home(), REPLACED);
    }

    /** The codes of errors that may pass. */
    static List<String> codes() {
        return ErrorCode.all().stream()
                .filter(ErrorCode::mayPass)
                .map(ErrorCode::wireName)
                .toList();
    }

    void takeOut(SparkSession spark, Ownership ownership) throws IOException, InterruptedException {
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), "taking out rows to be answered again")) {
            takeOutOfFiles(spark, ownership);
        }
    }

    private void takeOutOfFiles(SparkSession spark, Ownership ownership) throws IOException, InterruptedException {
        if (!OutputState.hasRows(system, output.table())) {
            return;
        }
        Column error = col(Columns.ERROR + ".code");
        Column mayPass = error.isNotNull().and(error.isin(codes().toArray()));
        Dataset<Row> rows = output.read(spark);
        List<Path> files =
                rows.where(mayPass).select(input_file_name()).distinct().as(Encoders.STRING()).collectAsList().stream()
                        .map(file -> new Path(URI.create(file)))
                        .toList();
        if (files.isEmpty()) {
            return;
        }
        Dataset<Row> others = spark.read()
                .schema(rows.schema())
                .parquet(files.stream().map(RequestFiles::literally).toArray(String[]::new))
                .where(not(mayPass));
        others.write().parquet(kept.toString());
        system.delete(new Path(output.home(), OutputState.SUCCESS), false);
        List<String> names = files.stream().map(Path::getName).toList();
        HiddenFile.write(system, replaced, String.join("\n", names) + "\n");
        complete(ownership);
    }

    /** Brings to its end what was begun, and deletes what was not. */
    void complete(Ownership ownership) throws IOException, InterruptedException {
        Optional<String> names = HiddenFile.read(system, replaced).filter(list -> list.endsWith("\n"));
        if (names.isPresent()) {
            for (String name : names.get().lines().toList()) {
                ownership.requireHeld();
                system.delete(new Path(output.table(), name), false);
            }
            PublishedFiles files = new PublishedFiles(system, output.table(), kept, ownership);
            for (FileStatus file : system.listStatus(kept, path -> PublishedFiles.isOne(path.getName()))) {
                files.publish(file.getPath().getName());
            }
        }
        system.delete(replaced, false);
        system.delete(kept, true);
    }
}
