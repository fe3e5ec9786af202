package io.sparkvlm.job.input;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Names the rows that a job takes: files of requests, or of a prepared table, and how many of their rows.
 *
 * @param roles of the columns of a table that has no requests
 * @param limitRows the job takes so many rows from the start of the input; all of them where it is empty
 */
public record InputSelection(RequestFiles files, ColumnRoles roles, Optional<Long> limitRows) implements JobSource {
    /**
     * Reads the selected requests.
     *
     * @param notes told, a line each, what the table has otherwise than the input
     */
    public Dataset<Row> readRequests(SparkSession spark, Consumer<String> notes) throws JobRefusedException {
        return firstOf(RequestSources.of(files, roles).read(spark, notes));
    }

    @Override
    public Optional<RequestFiles> requestFiles() {
        return Optional.of(files);
    }

    @Override
    public Map<String, String> options() {
        return Map.of();
    }
}
