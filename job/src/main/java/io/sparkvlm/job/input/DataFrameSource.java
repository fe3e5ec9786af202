package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.FieldColumn;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.commit.RowIds;
import io.sparkvlm.spark.table.CarriedNames;
import io.sparkvlm.spark.table.Columns;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a DataFrame of requests into the table that {@link io.sparkvlm.spark.VlmStages#answer} takes.
 *
 * <p>A DataFrame does not say where its rows stood, so a row without a row_id is named by a hash of its values. Only
 * plans are made here: nothing runs before the answers are asked for.
 */
public record DataFrameSource(Dataset<Row> requests, ColumnRoles roles) {
    private static final Logger LOGGER = LoggerFactory.getLogger(DataFrameSource.class);

    private static final String CONTENT = "sparkvlm_content";

    /** Spark's own would leave out what is below a millisecond, and write another text in another zone. */
    private static final Map<String, String> WHOLE_VALUES = Map.of(
            "timeZone",
            "UTC",
            "timestampFormat",
            "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
            "timestampNTZFormat",
            "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    /** Enough tasks for every core to have several, so that the last ones to end do not keep the others waiting. */
    private static final int TASKS_PER_CORE = 4;

    public Dataset<Row> read() throws JobRefusedException {
        boolean named = Arrays.asList(requests.schema().fieldNames()).contains(Columns.ROW_ID);
        RequestColumns columns = RequestColumns.of(withoutRowId(requests.schema()), roles);
        Dataset<Row> table = columns.select(named ? requests : namedByContent(requests), rowId());
        CarriedNames.changes(table.schema()).forEach(LOGGER::warn);
        return columns.mayHaveCustomIds()
                // A hint, because Spark would sort the requests to join them while it does not know how few repeat.
                ? CustomIds.marked(table, broadcast(CustomIds.repeated(CustomIds.of(table))))
                : table;
    }

    private static StructType withoutRowId(StructType schema) {
        return new StructType(Arrays.stream(schema.fields())
                .filter(field -> !field.name().equals(Columns.ROW_ID))
                .toArray(StructField[]::new));
    }

    private static Column rowId() {
        return coalesce(
                col(Columns.ROW_ID).cast(DataTypes.StringType),
                raise_error(lit("expected a row_id in every row, found null")));
    }

    /**
     * The rows under the hash of all their columns and, as {@link RowId} has it, a position: equal rows are counted, so
     * that each has an id of its own. They are the same for any cut of the rows into tasks. The rows go through an
     * exchange, which spreads them over all cores.
     */
    private static Dataset<Row> namedByContent(Dataset<Row> requests) {
        Column[] all =
                Arrays.stream(requests.schema().fields()).map(FieldColumn::of).toArray(Column[]::new);
        Column json = to_json(struct(all), WHOLE_VALUES);
        Column earlierEqual = row_number()
                .over(Window.partitionBy(col(CONTENT)).orderBy(col(CONTENT)))
                .minus(1);
        int tasks = TASKS_PER_CORE * ClusterCores.of(requests.sparkSession().sparkContext());
        return requests.withColumn(
                        CONTENT, sha2(json.cast(DataTypes.BinaryType), 256).substr(1, RowIds.HASH_DIGITS))
                .repartition(tasks, col(CONTENT))
                .withColumn(Columns.ROW_ID, concat(col(CONTENT), lit(":"), earlierEqual));
    }
}
