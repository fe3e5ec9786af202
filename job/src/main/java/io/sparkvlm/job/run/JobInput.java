package io.sparkvlm.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.job.input.DropColumns;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.JobSource;
import io.sparkvlm.job.input.PreparedTableFiles;
import io.sparkvlm.job.input.TableRows;
import io.sparkvlm.job.input.TableSelection;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.scan.InputScan;
import io.sparkvlm.job.lake.TableVersion;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.commit.RowIds;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.PreparationStamp;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Holds the rows that a job answers, and their number: requests, or rows that were prepared before.
 *
 * @param stamp what the rows were prepared with; empty where they are requests
 * @param version of the table that they are read from; empty where it has none
 * @param frozen whether they are the same whenever they are read
 */
record JobInput(
        long count,
        Dataset<Row> table,
        Optional<PreparationStamp> stamp,
        Optional<TableVersion> version,
        boolean frozen) {
    /** Requests of files. */
    JobInput(long count, Dataset<Row> requests) {
        this(count, requests, Optional.empty(), Optional.empty(), true);
    }

    /**
     * Reads the input once to count it.
     *
     * @param frozen the version of a table that an earlier start has read
     * @param settings of the job, which a prepared table must suit
     * @param notes told, a line each, what of the input is not as one would expect
     * @throws JobRefusedException when the input cannot be read, or was prepared for other jobs
     */
    static JobInput read(
            JobSource input,
            Optional<TableVersion> frozen,
            PreprocessingSettings settings,
            SparkSession spark,
            Consumer<String> notes)
            throws JobRefusedException, InterruptedException {
        if (input instanceof TableSelection table) {
            return ofTable(TableRows.of(table, frozen, spark), settings, notes);
        }
        return ofFiles((InputSelection) input, settings, spark, notes);
    }

    private static JobInput ofTable(TableRows rows, PreprocessingSettings settings, Consumer<String> notes)
            throws JobRefusedException {
        DropColumns.require(rows.requests().schema(), settings.dropColumns());
        rows.version().ifPresent(version -> notes.accept("the table is read at its version " + version.number()));
        return new JobInput(
                rows.requests().count(),
                rows.requests(),
                Optional.empty(),
                rows.version(),
                rows.version().isPresent());
    }

    private static JobInput ofFiles(
            InputSelection input, PreprocessingSettings settings, SparkSession spark, Consumer<String> notes)
            throws JobRefusedException, InterruptedException {
        Optional<PreparedTableFiles> prepared = PreparedTableFiles.of(input.files(), spark);
        if (prepared.isPresent()) {
            if (!input.roles().equals(ColumnRoles.NONE)) {
                throw new JobRefusedException(
                        "expected a table with pictures and prompts in its columns, found one that"
                                + " is prepared: its requests are made");
            }
            Dataset<Row> all = prepared.get().read(spark, settings);
            DropColumns.require(all.schema(), settings.dropColumns());
            long count = all.count(); // from the files' footers, and not from the rows
            notes.accept("the input was prepared with " + prepared.get().stamp().text() + ": these hold");
            return new JobInput(
                    input.limitRows().map(limit -> Math.min(limit, count)).orElse(count),
                    input.firstOf(all),
                    Optional.of(prepared.get().stamp()),
                    Optional.empty(),
                    true);
        }
        InputScan scan = InputScan.of(input, settings.dropColumns(), spark, notes);
        DropColumns.require(scan.requests().schema(), settings.dropColumns());
        return new JobInput(scan.rows(), scan.requests());
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds the column that names the row whose answer a row has; it is null where that is its own. */
    JobInput copying() {
        return new JobInput(
                count, table.withColumn(Columns.COPY_OF, lit(null).cast(DataTypes.StringType)), stamp, version, frozen);
    }

    /**
     * Looks for the rows that are answered, where others may be read now than when they were.
     *
     * @throws JobRefusedException where one is not there any more: what is missing could not be told from what has changed
     */
    void requireHolds(RowIds answered) throws JobRefusedException {
        if (frozen || answered.isEmpty()) {
            return;
        }
        long gone = without(answered).table().count() - (count - answered.size());
        if (gone != 0) {
            throw new JobRefusedException(String.format(
                    Locale.ROOT,
                    "%,d of %,d rows that are answered are not in the input any more: a query or a table without versions"
                            + " must return the same rows at every start; choose another output, or --overwrite to answer"
                            + " all again",
                    gone,
                    answered.size()));
        }
    }

    /** The rows that are not answered yet: which repeat another's custom_id was judged before, over all of them. */
    JobInput without(RowIds answered) {
        if (answered.isEmpty()) {
            return this;
        }
        Broadcast<RowIds> everywhere = JavaSparkContext.fromSparkContext(
                        table.sparkSession().sparkContext())
                .broadcast(answered);
        UDF1<String, Boolean> isMissing = rowId -> !everywhere.value().contains(rowId);
        return new JobInput(
                count - answered.size(),
                table.where(udf(isMissing, DataTypes.BooleanType).apply(col(Columns.ROW_ID))),
                stamp,
                version,
                frozen);
    }
}
