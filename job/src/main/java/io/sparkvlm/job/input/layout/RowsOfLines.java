package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.preprocessing.openai.LineFields;
import io.sparkvlm.spark.table.RequestTable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.StructField;

/**
 * Requests that are made of rows which were lines of JSON. A line that is no object is its own request, so that the
 * validator says what is wrong with it.
 *
 * @param line the bytes of the line
 */
record RowsOfLines(RequestLayout layout, Column line) implements RequestLayout {
    @Override
    public Column request() {
        return coalesce(udf(new BrokenLine(), MadeRequest.TYPE).apply(line), layout.request());
    }

    @Override
    public boolean takes(StructField field) {
        return layout.takes(field);
    }

    @Override
    public boolean mayBeBatchLines() {
        return layout.mayBeBatchLines();
    }

    private static final class BrokenLine implements UDF1<byte[], Row> {
        @Override
        public Row call(byte[] line) {
            return RequestTable.json(line)
                    .fold(
                            text -> LineFields.read(text).areWhole() ? null : MadeRequest.of(text),
                            rejection -> MadeRequest.impossible(rejection.message()));
        }
    }
}
