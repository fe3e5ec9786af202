package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.job.input.layout.FieldColumn;
import io.sparkvlm.preprocessing.openai.LineFields;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Finds the rows that repeat the custom_id of an earlier row, and marks them. */
public final class CustomIds {
    private static final String ID = "sparkvlm_scan_id";
    private static final String FIRST = "sparkvlm_scan_first";

    private CustomIds() {}

    /** A row's custom_id, null where it has none, and its row_id. */
    public static final StructType SCHEMA =
            new StructType().add(ID, DataTypes.StringType).add(Columns.ROW_ID, DataTypes.StringType);

    /** The custom_id and the row_id of every row. */
    static Dataset<Row> of(Dataset<Row> requests) {
        return requests.select(customId(requests).as(ID), col(Columns.ROW_ID));
    }

    /** The rows with equal ids in one task each: where one task has read them all in that one, else in no more than read them. */
    public static Dataset<Row> together(Dataset<Row> ids) {
        int tasks = ids.queryExecution().toRdd().getNumPartitions();
        int most = Integer.parseInt(ids.sparkSession().conf().get("spark.sql.shuffle.partitions"));
        return tasks <= 1 ? ids.coalesce(1) : ids.repartition(Math.min(tasks, most), col(ID));
    }

    /**
     * The custom_ids that several rows have, and the first of these rows.
     *
     * @param ids of {@link #SCHEMA}
     */
    public static Dataset<Row> repeated(Dataset<Row> ids) {
        return ids.where(col(ID).isNotNull())
                .groupBy(col(ID))
                .agg(count(lit(1)).as("times"), min(RowId.place()).as(FIRST))
                .where(col("times").gt(1))
                .select(col(ID), col(FIRST).getField(Columns.ROW_ID).as(FIRST));
    }

    /**
     * The requests with the column {@link Columns#DUPLICATE_OF}.
     *
     * @param repeated what {@link #repeated} returned for them
     */
    public static Dataset<Row> marked(Dataset<Row> requests, Dataset<Row> repeated) {
        Column[] columns =
                Arrays.stream(requests.schema().fields()).map(FieldColumn::of).toArray(Column[]::new);
        Column[] all = Arrays.copyOf(columns, columns.length + 1);
        all[columns.length] =
                when(col(FIRST).notEqual(col(Columns.ROW_ID)), col(FIRST)).as(Columns.DUPLICATE_OF);
        return requests.join(repeated, customId(requests).equalTo(col(ID)), "left")
                .select(all);
    }

    private static Column customId(Dataset<Row> requests) {
        Column ofTable = requests.schema().getFieldIndex(Columns.CUSTOM_ID).isDefined()
                ? col(Columns.CUSTOM_ID)
                : lit(null).cast(DataTypes.StringType);
        if (requests.schema().apply(Columns.REQUEST).dataType() instanceof StructType) {
            return ofTable; // made of columns: a bare body
        }
        return udf(new OfRow(), DataTypes.StringType).apply(col(Columns.REQUEST), ofTable);
    }

    /** As the row is judged: a bare body has none, whatever fields it has, and neither has what is not even a request. */
    private static final class OfRow implements UDF2<Object, String, String> {
        @Override
        public String call(Object request, String ofTable) {
            Optional<String> otherwise = Optional.ofNullable(ofTable);
            return RequestTable.json(request)
                    .fold(line -> LineFields.read(line).customId(otherwise), rejection -> otherwise)
                    .orElse(null);
        }
    }
}
