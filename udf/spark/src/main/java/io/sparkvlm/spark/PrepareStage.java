package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.MappedIterator;
import io.sparkvlm.spark.table.PreparedTable;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Turns a partition's requests into the rows of a prepared table, one by one as they are asked for. */
record PrepareStage(RequestTable requests, PreprocessingSettings settings, MediaStep media)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Preprocessor preprocessor = ExecutorResources.preprocessor(settings);
        return new MappedIterator<>(
                PrepareIterator.inThisTask(requests, rows, preprocessor::begin),
                prepared -> PreparedTable.row(media.apply(preprocessor, prepared.row()), prepared.carried()));
    }
}
