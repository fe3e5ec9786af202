package io.sparkvlm.job.output;

import io.sparkvlm.job.input.RequestFiles;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.table.Columns;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The folder that completions go to: empty before the job, or written by a job that has ended.
 *
 * @param path of the folder, or of the file where the format is {@link OutputFormat#BATCH_FILE}
 */
public record OutputFolder(Path path, OutputFormat format) {
    /** Spark's name for what a job that was killed left half written. */
    private static final String UNFINISHED = "_temporary";
    /** Holds the table, where files that are made from it were asked for. */
    private static final String WORK = "_work";

    private static final List<String> LEFT_BY_A_KILLED_JOB = List.of(UNFINISHED, WORK, RunRecord.FILE_NAME);

    public static OutputFolder unused(String output, OutputFormat format, Configuration hadoop)
            throws JobRefusedException {
        try {
            Path path = new Path(output);
            FileSystem system = path.getFileSystem(hadoop);
            Path qualified = system.makeQualified(path);
            if (format == OutputFormat.BATCH_FILE ? system.exists(qualified) : hasContent(system, qualified)) {
                throw new JobRefusedException(
                        "the output " + output + " is there already and not empty: choose another, or remove it");
            }
            return new OutputFolder(qualified, format);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the output " + output + " cannot be written: " + RootCause.of(e), e);
        }
    }

    /** The folder of a job that has ended and left a table. */
    public static OutputFolder written(String output, Configuration hadoop) throws JobRefusedException {
        try {
            Path path = new Path(output);
            FileSystem system = path.getFileSystem(hadoop);
            if (system.getFileStatus(path).isFile()) {
                throw new JobRefusedException(
                        "expected the folder that generate wrote its Parquet table to, found the" + " file " + output);
            }
            List<String> published = Arrays.stream(system.listStatus(path))
                    .map(child -> child.getPath().getName())
                    .filter(name -> !name.startsWith("_") && !name.startsWith("."))
                    .toList();
            if (published.isEmpty()) {
                throw new JobRefusedException("expected the answers of generate in " + output
                        + ", found none: the job that writes there has not ended, or wrote elsewhere");
            }
            if (published.contains(BatchFiles.ANSWERS)) {
                throw new JobRefusedException("expected the Parquet table of generate in " + output
                        + ", found the files of --output-format openai-batch");
            }
            return new OutputFolder(system.makeQualified(path), OutputFormat.PARQUET);
        } catch (FileNotFoundException e) {
            throw new JobRefusedException("the output " + output + " is not there", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the output " + output + " cannot be read: " + RootCause.of(e), e);
        }
    }

    /** The folder as a user writes it. */
    public String name() {
        return name(path);
    }

    /** A qualified folder as a user writes it. */
    public static String name(Path folder) {
        return folder.toUri().getScheme().equals("file") ? folder.toUri().getPath() : folder.toString();
    }

    /** Where the job's rows go as they end. */
    public Path table() {
        return switch (format) {
            case PARQUET -> path;
            case OPENAI_BATCH, BATCH_FILE -> new Path(work(), "table");
        };
    }

    /** A folder for files of the running job, gone when it is finished; hidden, should it lie among the input's files. */
    private Path work() {
        return format == OutputFormat.BATCH_FILE
                ? new Path(path.getParent(), "_" + path.getName() + WORK)
                : new Path(path, WORK);
    }

    /** Deletes what a killed job left half written: Spark would publish it beside this job's rows. */
    public void discardUnfinished(Configuration hadoop) throws IOException {
        FileSystem system = path.getFileSystem(hadoop);
        system.delete(work(), true);
        if (format != OutputFormat.BATCH_FILE) {
            system.delete(new Path(path, UNFINISHED), true);
        }
    }

    /** Turns the finished table into the format that was asked for. */
    public void finish(SparkSession spark) throws IOException {
        switch (format) {
            case PARQUET -> {}
            case OPENAI_BATCH -> {
                new BatchFiles(work()).writeTwo(read(spark), path);
                discardUnfinished(spark.sparkContext().hadoopConfiguration());
            }
            case BATCH_FILE -> {
                new BatchFiles(work()).write(read(spark), path);
                discardUnfinished(spark.sparkContext().hadoopConfiguration());
            }
        }
    }

    /** The rows that the job has written; they are gone once {@link #finish} has made files of them. */
    public Dataset<Row> read(SparkSession spark) {
        return spark.read().parquet(RequestFiles.literally(table()));
    }

    /**
     * The rows of a job that has ended.
     *
     * @throws JobRefusedException when the folder holds another table
     */
    public Dataset<Row> rows(SparkSession spark) throws JobRefusedException {
        Dataset<Row> rows;
        try {
            rows = read(spark);
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new JobRefusedException("the output " + name() + " cannot be read: " + RootCause.of(e), e);
        }
        Set<String> missing = Columns.missing(rows.schema());
        if (!missing.isEmpty()) {
            throw new JobRefusedException("expected the answers of generate in " + name()
                    + ", found a table without the columns " + String.join(", ", missing));
        }
        return rows;
    }

    private static boolean hasContent(FileSystem system, Path path) throws IOException {
        try {
            if (system.getFileStatus(path).isFile()) {
                return true;
            }
            for (FileStatus child : system.listStatus(path)) {
                if (!LEFT_BY_A_KILLED_JOB.contains(child.getPath().getName())) {
                    return true;
                }
            }
            return false;
        } catch (FileNotFoundException e) {
            return false;
        }
    }
}
