package io.sparkvlm.job.output;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.lake.CommittedTable;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.PathText;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The folder that completions go to.
 *
 * @param path of the folder, or of the file where the format is {@link OutputFormat#BATCH_FILE}
 * @param committedTo a table that gets all rows in the end, where one does
 */
public record OutputFolder(Path path, OutputFormat format, Optional<CommittedTable> committedTo) {
    /** Holds what is not published: files that tasks write, and who writes them. */
    static final String WORK = "_sparkvlm";
    /** The table, where files that are made from it were asked for. */
    static final String BATCH_TABLE = WORK + "/table";

    /** What to do where there are OpenAI's files alone. */
    private static final String FOR_A_TABLE = "run generate with --output-format parquet into another folder";

    private static final String UNPUBLISHED_FILES = WORK + "/tasks";
    private static final String CRASHES = WORK + "/crashes";

    /** The folder of that name, whatever it holds. */
    public static OutputFolder of(String output, OutputFormat format, Configuration hadoop) throws JobRefusedException {
        try {
            Path path = new Path(output);
            return new OutputFolder(path.getFileSystem(hadoop).makeQualified(path), format, Optional.empty());
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the output " + output + " cannot be written: " + RootCause.of(e), e);
        }
    }

    /** A folder that is empty, or not there yet. */
    public static OutputFolder unused(String output, OutputFormat format, Configuration hadoop)
            throws JobRefusedException {
        OutputFolder folder = of(output, format, hadoop);
        folder.requireUnused(hadoop);
        return folder;
    }

    /** The same, with a table that gets all rows in the end. */
    public OutputFolder committedTo(CommittedTable table) {
        return new OutputFolder(path, format, Optional.of(table));
    }

    private void requireUnused(Configuration hadoop) throws JobRefusedException {
        OutputState state = state(hadoop);
        if (state == OutputState.HALF_COMMITTED) {
            throw new JobRefusedException(
                    "the output " + name() + " was left by a job that was killed while it wrote, and"
                            + " answers to a DataFrame do not go on: nothing names its rows in the next start. Remove it, or choose"
                            + " another; the command generate goes on with files, tables and queries");
        }
        if (state != OutputState.NEW) {
            throw new JobRefusedException(
                    "the output " + name() + " is there already and not empty: choose another, or remove it");
        }
    }

    /** Keeps other jobs out, whatever the folder holds. */
    OutputLock lock(Configuration hadoop) throws JobRefusedException, IOException {
        return OutputLocks.take(path.getFileSystem(hadoop), new Path(home(), WORK), name());
    }

    /** Keeps other jobs out of an unused folder until the lock is closed. */
    public OutputLock lockUnused(Configuration hadoop) throws JobRefusedException, IOException {
        OutputLock lock = lock(hadoop);
        try {
            requireUnused(hadoop); // by now the job that had it may have ended
            discardUnpublished(hadoop);
            return lock;
        } catch (JobRefusedException | IOException e) {
            lock.close();
            throw e;
        }
    }

    /** The folder of a job that has ended and left a table. */
    public static OutputFolder written(String output, Configuration hadoop) throws JobRefusedException {
        try {
            Path path = new Path(output);
            FileSystem system = path.getFileSystem(hadoop);
            if (system.getFileStatus(path).isFile()) {
                throw new JobRefusedException(
                        "expected the folder that generate wrote its Parquet table to, found the file " + output
                                + ": where it is of OpenAI's Batch API, " + FOR_A_TABLE);
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
                        + ", found the files of --output-format openai-batch, which hold no times and no columns of the input: "
                        + FOR_A_TABLE);
            }
            return new OutputFolder(system.makeQualified(path), OutputFormat.PARQUET, Optional.empty());
        } catch (FileNotFoundException e) {
            throw new JobRefusedException("the output " + output + " is not there", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the output " + output + " cannot be read: " + RootCause.of(e), e);
        }
    }

    /** The folder as a user writes it. */
    public String name() {
        return PathText.of(path);
    }

    OutputState state(Configuration hadoop) throws JobRefusedException {
        try {
            FileSystem system = path.getFileSystem(hadoop);
            OutputState found = OutputState.of(system, home());
            if (format != OutputFormat.BATCH_FILE) {
                return found;
            }
            boolean written = system.exists(path);
            return switch (found) {
                case NEW -> written ? OutputState.FOREIGN : found;
                case FINISHED -> written ? found : OutputState.NEW; // who took the file away wants another
                case RESUMABLE, HALF_COMMITTED, FOREIGN -> found;
            };
        } catch (IOException e) {
            throw new JobRefusedException("the output " + name() + " cannot be read: " + RootCause.of(e), e);
        }
    }

    /** Where the job's rows go as they end. */
    public Path table() {
        return switch (format) {
            case PARQUET -> path;
            case OPENAI_BATCH, BATCH_FILE -> new Path(home(), BATCH_TABLE);
        };
    }

    /** The folder that says what the output is; hidden, should it lie among the input's files. */
    public Path home() {
        return format == OutputFormat.BATCH_FILE ? new Path(path.getParent(), "_" + path.getName() + "_work") : path;
    }

    /** A folder for what tasks write. */
    public Path unpublishedFiles() {
        return new Path(home(), UNPUBLISHED_FILES);
    }

    /** A file for what a process that computes rows itself would have died of; only a local disk has it in time. */
    public Optional<java.nio.file.Path> crashFile() {
        URI file = new Path(home(), CRASHES).toUri();
        return "file".equals(file.getScheme()) ? Optional.of(java.nio.file.Path.of(file.getPath())) : Optional.empty();
    }

    /** Deletes what Spark and this project have not published of an earlier start. */
    void discardUnpublished(Configuration hadoop) throws IOException {
        for (String name : List.of(OutputState.UNPUBLISHED, UNPUBLISHED_FILES)) {
            home().getFileSystem(hadoop).delete(new Path(home(), name), true);
        }
    }

    /** Deletes what a job of this project has written; what names it goes last, so that this can be done again. */
    void clear(Configuration hadoop) throws IOException {
        FileSystem system = path.getFileSystem(hadoop);
        system.delete(new Path(home(), OutputState.SUCCESS), false);
        system.delete(new Path(home(), BATCH_TABLE), true);
        if (format == OutputFormat.BATCH_FILE) {
            system.delete(path, false);
        }
        for (FileStatus child : system.exists(home()) ? system.listStatus(home()) : new FileStatus[0]) {
            if (OutputState.isOfRows(child.getPath().getName())) {
                system.delete(child.getPath(), false);
            }
        }
        system.delete(new Path(home(), RunRecord.FILE_NAME), false);
        system.delete(new Path(home(), CRASHES), false);
        discardUnpublished(hadoop);
    }

    /**
     * Makes the finished table what was asked for, and says so.
     *
     * @param summary for those who ask for the same once more
     */
    public void finish(SparkSession spark, String summary) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        FileSystem system = path.getFileSystem(hadoop);
        BatchFiles files = new BatchFiles(unpublishedFiles());
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), "handing over the written rows")) {
            switch (format) {
                case PARQUET -> commit(spark);
                case OPENAI_BATCH -> files.writeTwo(read(spark), path);
                case BATCH_FILE -> files.write(read(spark), path);
            }
        }
        HiddenFile.write(system, new Path(home(), OutputState.SUCCESS), summary);
        system.delete(new Path(home(), BATCH_TABLE), true);
        system.delete(new Path(home(), CRASHES), false);
        discardUnpublished(hadoop);
    }

    private void commit(SparkSession spark) throws IOException {
        if (committedTo.isEmpty()) {
            return;
        }
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        RunRecord record = RunRecord.read(home(), hadoop)
                .orElseThrow(() -> new IOException("expected the record of the job in " + home() + ", found none"));
        try {
            committedTo.get().append(read(spark), record.id(path));
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new IOException(
                    "the rows could not be committed to " + committedTo.get().name() + ": " + RootCause.of(e), e);
        }
    }

    /** The rows that the job has written; of a batch they are gone once {@link #finish} has made files of them. */
    public Dataset<Row> read(SparkSession spark) {
        Dataset<Row> rows = spark.read().parquet(RequestFiles.literally(table()));
        StructType layout = Columns.upToDate(rows.schema()); // Spark has it of one file, which may be the oldest
        return layout.equals(rows.schema())
                ? rows
                : spark.read().schema(layout).parquet(RequestFiles.literally(table()));
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

    /** Whether all rows of the input have their rows here. */
    public boolean isFinished(Configuration hadoop) throws IOException {
        return path.getFileSystem(hadoop).exists(new Path(home(), OutputState.SUCCESS));
    }
}
