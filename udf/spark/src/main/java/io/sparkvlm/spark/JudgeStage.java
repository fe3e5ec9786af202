package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.JudgedTable;
import io.sparkvlm.spark.table.MappedIterator;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Judges a partition's requests and the headers of their media, and decodes nothing. */
record JudgeStage(RequestTable requests, PreprocessingSettings settings) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Preprocessor preprocessor = ExecutorResources.preprocessor(settings);
        return new MappedIterator<>(
                PrepareIterator.inThisTask(requests, rows, preprocessor::beginToJudge),
                judged -> JudgedTable.row(judged.row()));
    }
}
