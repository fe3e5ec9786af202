package io.sparkvlm.spark;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Rejection;
import io.sparkvlm.preprocessing.PreparedRow;
import io.sparkvlm.preprocessing.Preprocessor;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** A partition's requests to prepared rows, one by one as they are asked for. */
record PrepareStage(RequestTable requests, PreprocessingSettings settings) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Preprocessor preprocessor = ExecutorResources.leaseFor(
                        TaskContext.get(), ExecutorResources.PREPROCESSOR, settings)
                .resource();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                Row row = rows.next();
                return PreparedTable.row(
                        prepared(row, preprocessor), requests.carried().of(row));
            }
        };
    }

    private PreparedRow prepared(Row row, Preprocessor preprocessor) {
        PreparedRow prepared = requests.read(row).fold(preprocessor::prepare, rejection -> rejected(row, rejection));
        return requests.duplicateOf(row)
                .map(first -> duplicate(prepared, first))
                .orElse(prepared);
    }

    private PreparedRow rejected(Row row, Rejection rejection) {
        return new PreparedRow(
                requests.rowId(row), requests.customId(row), List.of(), Outcome.rejected(rejection), Duration.ZERO);
    }

    private static PreparedRow duplicate(PreparedRow row, String first) {
        Rejection rejection = Rejection.at(
                Columns.CUSTOM_ID,
                Rejection.Code.DUPLICATE_CUSTOM_ID,
                "expected a custom_id of its own, found that of the earlier row " + first);
        return new PreparedRow(
                row.rowId(), row.customId(), row.warnings(), Outcome.rejected(rejection), row.fetchTime());
    }
}
