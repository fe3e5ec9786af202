package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.table.MappedIterator;
import io.sparkvlm.spark.table.PreparedTable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Turns a partition of a prepared table into rows of the output, through the engine that the executor's tasks share. */
record InferStage(PreparedTable table, InferenceConfig config, InferenceMetrics metrics)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Preprocessor preprocessor = ExecutorResources.preprocessor(config.preprocessing());
        Iterator<CarryingRow> prepared = new MappedIterator<>(
                rows,
                row -> new CarryingRow(
                        table.read(row, preprocessor.geometry()),
                        table.carried().of(row)));
        return InferIterator.inThisTask(prepared, preprocessor, config, metrics);
    }
}
