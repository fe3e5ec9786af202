package io.sparkvlm.spark;

import io.sparkvlm.api.Engine;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.table.PreparedTable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** Turns a partition's prepared rows into rows of the output, through the engine that the executor's tasks share. */
record InferStage(PreparedTable prepared, InferenceConfig config, InferenceMetrics metrics)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        TaskContext task = TaskContext.get();
        Preprocessor preprocessor = ExecutorResources.leaseFor(
                        task, ExecutorResources.PREPROCESSOR, config.preprocessing())
                .resource();
        SharedResource<EngineSource, Engine>.Lease engine =
                ExecutorResources.leaseFor(task, ExecutorResources.ENGINE, config.engine());
        InferIterator answers = new InferIterator(this, rows, preprocessor, engine);
        // Listeners run last to first: the rows are cancelled before the engine is given back.
        TaskCompletionListener cancel = context -> answers.close();
        task.addTaskCompletionListener(cancel);
        return answers;
    }
}
