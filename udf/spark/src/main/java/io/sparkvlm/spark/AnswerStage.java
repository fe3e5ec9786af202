package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.RemoteEngine;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
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
        Iterator<CarryingRow> prepared = PrepareIterator.inThisTask(requests, rows, preprocessor::begin);
        Optional<RemoteEngine> remote = config.engine().fold(own -> Optional.empty(), Optional::of);
        return remote.isPresent()
                ? RemoteIterator.inThisTask(prepared, remote.get(), config.inFlight(), metrics)
                : InferIterator.inThisTask(prepared, preprocessor, config, metrics);
    }
}
