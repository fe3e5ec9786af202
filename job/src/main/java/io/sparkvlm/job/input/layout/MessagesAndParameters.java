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

/** Requests whose messages stand in one column, as JSON or as an array, and whose parameters in columns of their names. */
record MessagesAndParameters(StructField messages, ParameterColumns parameters) implements RequestLayout {
    static MessagesAndParameters of(StructField messages, StructType schema) throws JobRefusedException {
        if (!(messages.dataType() instanceof StringType) && !(messages.dataType() instanceof ArrayType)) {
            throw new JobRefusedException(
                    "expected the column " + messages.name() + " to be a string or an array, found "
                            + messages.dataType().simpleString());
        }
        return new MessagesAndParameters(messages, ParameterColumns.of(schema));
    }

    @Override
    public Column request() {
        return messages.dataType() instanceof StringType
                ? body(FieldColumn.of(messages), parameters)
                : body(lit(null).cast(DataTypes.StringType), parameters.with(messages));
    }

    private static Column body(Column messages, ParameterColumns others) {
        return udf(new BodyWriter(others.schema()), DataTypes.StringType).apply(messages, others.json());
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
