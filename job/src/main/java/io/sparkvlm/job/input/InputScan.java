package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;

/**
 * Counts the rows of the input and marks those that repeat the custom_id of an earlier one, in one pass. To read the
 * input once more costs little beside decoding and answering it.
 *
 * @param requests the input; with the column {@link io.sparkvlm.spark.table.Columns#DUPLICATE_OF} if any row repeats an id
 */
public record InputScan(long rows, Dataset<Row> requests) {
    public static InputScan of(Dataset<Row> requests) throws InterruptedException {
        Observation observation = new Observation();
        Dataset<Row> ids =
                CustomIds.of(requests).observe(observation, count(lit(1)).as("rows"));
        Dataset<Row> repeated = CustomIds.repeated(ids).persist();
        boolean repeats = repeated.count() > 0;
        long rows = ((Number) observation.getAsJava().get("rows")).longValue();
        return new InputScan(rows, repeats ? CustomIds.marked(requests, repeated) : requests);
    }
}
