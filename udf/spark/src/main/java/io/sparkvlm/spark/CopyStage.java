package io.sparkvlm.spark;

import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.RowByRow;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Counts rows of the output that were copied from others and passes them on as they are. */
record CopyStage(StructType schema, InferenceMetrics metrics) implements RowByRow {
    @Override
    public Row map(Row row) {
        metrics.copied(Optional.ofNullable(row.getStruct(schema.fieldIndex(Columns.ERROR)))
                .map(error -> error.getString(0)));
        return row;
    }
}
