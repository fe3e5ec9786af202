package io.sparkvlm.job.run;

import io.sparkvlm.job.input.InputScan;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.PreparedSource;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.PreparedFor;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The rows that a job answers, and their number: requests, or rows that were prepared before.
 *
 * @param madeFor what the rows were prepared with; empty where they are requests
 */
record PreparedRows(long count, Dataset<Row> table, Optional<PreparedFor> madeFor) {
    /**
     * Reads the input once to count it.
     *
     * @param settings of the job, which a prepared table must suit
     * @throws JobRefusedException when the input cannot be read, or was prepared for other jobs
     */
    static PreparedRows read(InputSelection input, PreprocessingSettings settings, SparkSession spark)
            throws JobRefusedException, InterruptedException {
        Optional<PreparedSource> prepared = PreparedSource.of(input.files(), spark);
        if (prepared.isPresent()) {
            Dataset<Row> all = prepared.get().read(spark, settings);
            long count = all.count(); // from the files' footers, and not from the rows
            return new PreparedRows(
                    input.limitRows().map(limit -> Math.min(limit, count)).orElse(count),
                    input.firstOf(all),
                    Optional.of(prepared.get().madeFor()));
        }
        InputScan scan = InputScan.of(input.readRequests(spark));
        return new PreparedRows(scan.rows(), scan.requests(), Optional.empty());
    }
}
