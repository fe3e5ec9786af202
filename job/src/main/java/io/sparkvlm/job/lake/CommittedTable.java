package io.sparkvlm.job.lake;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table of Delta or Iceberg that gets the rows of a job in one commit, once however often the job is started.
 *
 * @param name in Spark's SQL
 */
public record CommittedTable(String name) {
    /** In the summary of Iceberg's snapshot. */
    private static final String COMMIT = "sparkvlm-commit";

    /**
     * Makes the table if it is not there, so that what is wrong with it or with its columns is known before the first row.
     *
     * @throws JobRefusedException where the rows do not fit, or the table has no commits that can be told apart
     */
    public void prepare(StructType rows, SparkSession spark) throws JobRefusedException {
        try {
            create(rows, spark);
            if (TableLibrary.of(name, spark).isEmpty()) {
                throw new JobRefusedException("expected a table of Delta Lake or Iceberg as the --output-table, found "
                        + name + ": others cannot say whether rows of a job are there already");
            }
            requireColumns(rows, spark.table(name).schema());
        } catch (JobRefusedException e) {
            throw e;
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw TableLibrary.missing(e, name)
                    .orElseGet(() -> new JobRefusedException(
                            "the output table " + name + " cannot be made: " + RootCause.of(e), e));
        }
    }

    /**
     * Appends the rows, unless that was done before.
     *
     * @param commit tells these rows from those of other jobs
     */
    public void append(Dataset<Row> rows, String commit) throws Exception {
        SparkSession spark = rows.sparkSession();
        if (TableLibrary.of(name, spark).filter(TableLibrary.ICEBERG::equals).isPresent() && holds(commit, spark)) {
            return;
        }
        rows.writeTo(name)
                .option("txnAppId", commit) // Delta passes over a commit that it has
                .option("txnVersion", "1")
                .option("snapshot-property." + COMMIT, commit)
                .append();
    }

    private boolean holds(String commit, SparkSession spark) {
        return !spark.table(TableLibrary.within(name, spark) + ".snapshots")
                .where("summary['" + COMMIT + "'] = '" + commit + "'")
                .isEmpty();
    }

    private void create(StructType rows, SparkSession spark) throws Exception {
        DataFrameWriterV2<Row> table =
                spark.createDataFrame(List.<Row>of(), rows).writeTo(name);
        try {
            if (isOfOtherCatalog(spark)) {
                table.create();
            } else {
                table.using(TableLibrary.ofSession(spark).name().toLowerCase(Locale.ROOT))
                        .create();
            }
        } catch (Exception e) { // of a class for each library
            if (!RootCause.of(e).matches("(?is).*already[_ ]exists.*")) {
                throw e;
            }
        }
    }

    /** Such a one knows of which library its tables are. */
    private boolean isOfOtherCatalog(SparkSession spark) {
        String first = name.split("\\.", 2)[0].replace("`", "");
        String catalog = spark.conf().getAll().contains("spark.sql.catalog." + first)
                ? first
                : spark.catalog().currentCatalog();
        return !catalog.equals("spark_catalog");
    }

    private void requireColumns(StructType rows, StructType table) throws JobRefusedException {
        Map<String, String> expected = types(rows);
        Map<String, String> found = types(table);
        if (!expected.equals(found)) {
            throw new JobRefusedException("expected the columns of the answers in the output table " + name
                    + ", as a table that is not there yet would get, found " + difference(expected, found));
        }
    }

    private static String difference(Map<String, String> expected, Map<String, String> found) {
        return expected.keySet().stream()
                .filter(column -> !expected.get(column).equals(found.get(column)))
                .findFirst()
                .map(column ->
                        column + " as " + found.getOrDefault(column, "no column") + " and not " + expected.get(column))
                .orElseGet(() -> "more: "
                        + found.keySet().stream()
                                .filter(column -> !expected.containsKey(column))
                                .findFirst()
                                .orElse(""));
    }

    private static Map<String, String> types(StructType schema) {
        Map<String, String> types = new TreeMap<>();
        Arrays.stream(schema.fields()).forEach(field -> types.put(field.name(), type(field)));
        return types;
    }

    private static String type(StructField field) {
        return field.dataType().catalogString();
    }
}
