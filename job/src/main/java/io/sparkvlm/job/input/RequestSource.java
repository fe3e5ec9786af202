package io.sparkvlm.job.input;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads requests as the table that {@link io.sparkvlm.spark.VlmStages#answer} takes. */
public interface RequestSource {
    /**
     * The table; its row ids are the same however Spark cuts the input into tasks.
     *
     * @param notes told, a line each, what the table has otherwise than the input
     */
    Dataset<Row> read(SparkSession spark, Consumer<String> notes) throws JobRefusedException;
}
