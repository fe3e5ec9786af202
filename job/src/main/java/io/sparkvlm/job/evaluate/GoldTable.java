package io.sparkvlm.job.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.job.text.VisibleText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table of gold answers beside the output, for requests that did not bring theirs along.
 *
 * @param path of JSON lines, of CSV with a header, or of Parquet, told by its name
 * @param key the column that both tables have
 */
public record GoldTable(String path, String key) {
    /** Put before the name of a column that the output has, too. */
    private static final String PREFIX = "gold_";

    /**
     * Puts the columns of the gold table beside the rows that have the same key.
     *
     * @throws JobRefusedException when it cannot be read, or says two things of one row
     */
    public Dataset<Row> beside(Dataset<Row> output, SparkSession spark) throws JobRefusedException {
        Dataset<Row> gold = read(spark);
        new TableColumns(output).column("--on", key);
        new TableColumns(gold).column("--on", key);
        List<Row> twice = gold.where(col(key).isNotNull())
                .groupBy(col(key))
                .agg(count(lit(1)).as("times"))
                .where(col("times").gt(1))
                .limit(1)
                .collectAsList();
        if (!twice.isEmpty()) {
            throw new JobRefusedException("expected a row for each " + key + " in " + path + ", found "
                    + twice.get(0).getLong(1) + " for "
                    + VisibleText.line(String.valueOf(twice.get(0).get(0))));
        }
        Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        taken.addAll(Arrays.asList(output.columns()));
        taken.remove(key);
        Dataset<Row> named = gold;
        for (String name : gold.columns()) {
            if (taken.contains(name)) {
                named = named.withColumnRenamed(name, PREFIX + name);
            }
        }
        return output.join(named, new String[] {key}, "left");
    }

    private Dataset<Row> read(SparkSession spark) throws JobRefusedException {
        String name = path.toLowerCase(Locale.ROOT);
        try {
            if (name.matches(".*\\.(jsonl|json|ndjson)(\\.\\w+)?")) {
                return spark.read().option("mode", "FAILFAST").json(path);
            }
            return name.matches(".*\\.csv(\\.\\w+)?")
                    ? spark.read()
                            .option("header", "true")
                            .option("multiLine", "true")
                            .option("escape", "\"")
                            .csv(path)
                    : spark.read().parquet(path);
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new JobRefusedException("the gold answers " + path + " cannot be read: " + RootCause.of(e), e);
        }
    }
}
