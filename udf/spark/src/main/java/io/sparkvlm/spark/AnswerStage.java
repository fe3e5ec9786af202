package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Turns a partition's requests into rows of the output: each row is prepared when the engine has room for it, and handed
 * over as it is.
 */
record AnswerStage(RequestTable requests, InferenceConfig config, InferenceMetrics metrics)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Preprocessor preprocessor = ExecutorResources.preprocessor(config.preprocessing());
        return InferIterator.inThisTask(
                PrepareIterator.inThisTask(requests, rows, preprocessor), preprocessor, config, metrics);
    }
}
