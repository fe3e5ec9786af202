package io.sparkvlm.job.input.scan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.input.CustomIds;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.fields.FieldColumns;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.parquet.TypeConflict;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.CarriedNames;
import io.sparkvlm.spark.table.Columns;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Asks the whole input, in one pass, what no row tells alone: how many rows there are and in which order, which repeat the
 * custom_id of an earlier one, and which fields of the user's own lines have. To read the input once more costs little
 * beside decoding and answering it.
 *
 * @param requests the input; with the column {@link Columns#DUPLICATE_OF} if any row repeats an id
 */
public record InputScan(long rows, Dataset<Row> requests) {
    /**
     * Reads the input once.
     *
     * @param dropped columns that the output does not have
     * @param notes told, a line each, what the table has otherwise than the input
     */
    public static InputScan of(InputSelection input, Set<String> dropped, SparkSession spark, Consumer<String> notes)
            throws JobRefusedException, InterruptedException {
        Dataset<Row> requests = input.readRequests(spark, notes);
        TypeConflict.requireNone(requests.schema(), dropped);
        boolean ofLines =
                input.files().format() != InputFormat.PARQUET && input.roles().equals(ColumnRoles.NONE);
        RowOrder order = RowOrder.of(input.files().format());
        ScanFindings found = ScanFindings.register(spark.sparkContext());

        Dataset<Row> asked = requests.schema().getFieldIndex(Columns.CUSTOM_ID).isDefined()
                ? requests.select(col(Columns.ROW_ID), col(Columns.REQUEST), col(Columns.CUSTOM_ID))
                : requests.select(
                        col(Columns.ROW_ID), col(Columns.REQUEST), lit(null).cast("string"));
        Dataset<Row> ids = asked.mapPartitions(new ScanTask(order, found, ofLines), Encoders.row(CustomIds.SCHEMA));
        Dataset<Row> repeated = CustomIds.repeated(CustomIds.together(ids)).persist();
        boolean repeats = repeated.count() > 0;

        Dataset<Row> numbered = requests.withColumn(
                Columns.ROW_INDEX, order.index(found.rowsOfParts().value()));
        Dataset<Row> whole = FieldColumns.add(numbered, found.fields().value());
        if (ofLines) {
            CarriedNames.changes(whole.schema()).forEach(notes);
        }
        return new InputScan(found.rows(), repeats ? CustomIds.marked(whole, repeated) : whole);
    }
}
