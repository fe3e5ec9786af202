package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.job.text.JobRefusedException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Requests whose messages stand in one column, as JSON or as an array, and whose parameters in columns of their names.
 *
 * @param media which parts of the messages refer to without saying where they are
 */
record MessagesAndParameters(StructField messages, RowMedia media, ParameterColumns parameters)
        implements RequestLayout {
    static MessagesAndParameters of(StructField messages, RowMedia media, StructType schema)
            throws JobRefusedException {
        if (!(messages.dataType() instanceof StringType) && !(messages.dataType() instanceof ArrayType)) {
            throw new JobRefusedException(
                    "expected the column " + messages.name() + " to be a string or an array, found "
                            + messages.dataType().simpleString());
        }
        return new MessagesAndParameters(messages, media, ParameterColumns.of(schema));
    }

    @Override
    public Column request() {
        Column body = messages.dataType() instanceof StringType
                ? parameters.body(FieldColumn.of(messages))
                : parameters.with(messages).body(lit(null).cast(DataTypes.StringType));
        return media.isEmpty()
                ? body
                : udf(new MessageMedia(media.demand()), MadeRequest.TYPE)
                        .apply(body, media.imageReferences(), media.videoReferences());
    }

    @Override
    public boolean takes(StructField field) {
        return field.equals(messages) || parameters.fields().contains(field);
    }

    @Override
    public boolean mayBeBatchLines() {
        return false;
    }
}
