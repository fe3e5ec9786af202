package io.sparkvlm.spark;

import io.sparkvlm.spark.table.PreparedTable;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Counts prepared rows and passes them on as they are. */
record CountStage(PreparedTable prepared, InferenceMetrics metrics) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                Row row = rows.next();
                if (prepared.isRejected(row)) {
                    metrics.rejected();
                } else {
                    metrics.prepared();
                }
                return row;
            }
        };
    }
}
