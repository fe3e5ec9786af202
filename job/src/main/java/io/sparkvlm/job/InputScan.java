package io.sparkvlm.job;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.spark.Columns;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * What does one look through the input tell before the job: how many rows there are, and which repeat the custom_id of an
 * earlier one? Reading the input once more is little beside decoding and answering it.
 *
 * @param requests the input; with the column {@link Columns#DUPLICATE_OF} if any row repeats an id
 */
record InputScan(long rows, Dataset<Row> requests) {
    private static final String ID = "sparkvlm_scan_id";
    private static final String FIRST = "sparkvlm_scan_first";

    static InputScan of(Dataset<Row> requests) throws InterruptedException {
        Observation observation = new Observation();
        Dataset<Row> repeated = requests.select(customId(requests).as(ID), col(Columns.ROW_ID))
                .observe(observation, count(lit(1)).as("rows"))
                .where(col(ID).isNotNull())
                .groupBy(col(ID))
                .agg(count(lit(1)).as("times"), min(RowId.place()).as(FIRST))
                .where(col("times").gt(1))
                .select(col(ID), col(FIRST).getField(Columns.ROW_ID).as(FIRST))
                .persist();
        boolean repeats = repeated.count() > 0;
        long rows = ((Number) observation.getAsJava().get("rows")).longValue();
        return new InputScan(rows, repeats ? marked(requests, repeated) : requests);
    }

    private static Dataset<Row> marked(Dataset<Row> requests, Dataset<Row> repeated) {
        Column[] columns = Arrays.stream(requests.schema().fields())
                .map(RequestColumns::column)
                .toArray(Column[]::new);
        Column[] all = Arrays.copyOf(columns, columns.length + 1);
        all[columns.length] =
                when(col(FIRST).notEqual(col(Columns.ROW_ID)), col(FIRST)).as(Columns.DUPLICATE_OF);
        return requests.join(repeated, customId(requests).equalTo(col(ID)), "left")
                .select(all);
    }

    /** Of a Batch line, else of the table. */
    private static Column customId(Dataset<Row> requests) {
        Column ofLine = get_json_object(col(Columns.REQUEST).cast(DataTypes.StringType), "$.custom_id");
        return requests.schema().getFieldIndex(Columns.CUSTOM_ID).isDefined()
                ? coalesce(ofLine, col(Columns.CUSTOM_ID))
                : ofLine;
    }
}
