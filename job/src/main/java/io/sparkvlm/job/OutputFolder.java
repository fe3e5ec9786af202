package io.sparkvlm.job;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Where the completions go: a folder that held nothing when the job was started. */
record OutputFolder(Path path, OutputFormat format) {
    /** Spark's name for what a job that was killed left half written. */
    private static final String UNFINISHED = "_temporary";
    /** Holds the table, where files that are made from it were asked for. */
    private static final String WORK = "_work";

    private static final List<String> NOT_ASKED_FOR = List.of(UNFINISHED, WORK);

    static OutputFolder unused(String output, OutputFormat format, Configuration hadoop) throws JobRefusedException {
        try {
            Path path = new Path(output);
            FileSystem system = path.getFileSystem(hadoop);
            Path qualified = system.makeQualified(path);
            if (hasContent(system, qualified)) {
                throw new JobRefusedException(
                        "the output " + output + " is there already and not empty:" + " choose another, or remove it");
            }
            return new OutputFolder(qualified, format);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the output " + output + " cannot be written: " + RootCause.of(e), e);
        }
    }

    /** Where the job's rows go as they end. */
    Path table() {
        return switch (format) {
            case PARQUET -> path;
            case OPENAI_BATCH -> new Path(work(), "table");
        };
    }

    /** A place that a finished job leaves nothing in. */
    Path work() {
        return new Path(path, WORK);
    }

    /** Deletes what a killed job left half written: Spark would publish it beside this job's rows. */
    void discardUnfinished(Configuration hadoop) throws IOException {
        for (String name : NOT_ASKED_FOR) {
            path.getFileSystem(hadoop).delete(new Path(path, name), true);
        }
    }

    /** Makes of the finished table what was asked for. */
    void finish(SparkSession spark) throws IOException {
        switch (format) {
            case PARQUET -> {}
            case OPENAI_BATCH -> {
                new BatchFiles(this).write(read(spark));
                discardUnfinished(spark.sparkContext().hadoopConfiguration());
            }
        }
    }

    /** The job's rows, until it is finished; a table that was asked for stays. */
    Dataset<Row> read(SparkSession spark) {
        return spark.read().parquet(RequestFiles.literally(table()));
    }

    private static boolean hasContent(FileSystem system, Path path) throws IOException {
        try {
            if (system.getFileStatus(path).isFile()) {
                return true;
            }
            for (FileStatus child : system.listStatus(path)) {
                if (!NOT_ASKED_FOR.contains(child.getPath().getName())) {
                    return true;
                }
            }
            return false;
        } catch (FileNotFoundException e) {
            return false; // as it should be
        }
    }
}
