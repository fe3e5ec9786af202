package io.sparkvlm.spark.table;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Maps a partition row by row, each as it is asked for. */
public interface RowByRow extends MapPartitionsFunction<Row, Row> {
    Row map(Row row);

    @Override
    default Iterator<Row> call(Iterator<Row> rows) {
        return new MappedIterator<>(rows, this::map);
    }
}
