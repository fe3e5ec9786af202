package io.sparkvlm.spark;

import io.sparkvlm.spark.table.PreparedTable;
import io.sparkvlm.spark.table.RowByRow;
import org.apache.spark.sql.Row;

/** Counts prepared rows and passes them on as they are. */
record CountStage(PreparedTable prepared, InferenceMetrics metrics) implements RowByRow {
    @Override
    public Row map(Row row) {
        prepared.errorCode(row).ifPresentOrElse(metrics::rejected, metrics::prepared);
        return row;
    }
}
