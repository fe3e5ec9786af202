package io.sparkvlm.job.input.layout;

import io.sparkvlm.job.text.JobRefusedException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/** Requests that stand whole in one column, each the JSON of a body or of a Batch line. */
record WholeBody(StructField body) implements RequestLayout {
    static WholeBody of(StructField body) throws JobRefusedException {
        if (!(body.dataType() instanceof StringType) && !(body.dataType() instanceof BinaryType)) {
            throw new JobRefusedException("expected the column " + body.name() + " to hold JSON as a string, found "
                    + body.dataType().simpleString());
        }
        return new WholeBody(body);
    }

    @Override
    public Column request() {
        return FieldColumn.of(body);
    }

    @Override
    public boolean takes(StructField field) {
        return field.equals(body);
    }

    @Override
    public boolean mayBeBatchLines() {
        return true;
    }
}
