package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** Turns a partition's requests into prepared rows, one by one as they are asked for. */
record PrepareStage(RequestTable requests, PreprocessingSettings settings, MediaStep media)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        TaskContext task = TaskContext.get();
        Preprocessor preprocessor = ExecutorResources.leaseFor(task, ExecutorResources.PREPROCESSOR, settings)
                .resource();
        PrepareIterator prepared = new PrepareIterator(this, rows, preprocessor);
        // Listeners run last to first: the rows are closed before the preprocessor is given back.
        TaskCompletionListener close = context -> prepared.close();
        task.addTaskCompletionListener(close);
        return prepared;
    }
}
