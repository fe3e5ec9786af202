package io.sparkvlm.job.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;

import io.sparkvlm.spark.table.Columns;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/** What of an answer a column holds, by the class that a row has there. */
enum AnswerType {
    /** Null for an error. */
    TEXT(String.class),
    /** All columns of the output table, in a structure. */
    WHOLE(Row.class);

    private final String className;

    AnswerType(Class<?> ofRows) {
        this.className = ofRows.getName();
    }

    static List<String> classNames() {
        return Arrays.stream(values()).map(AnswerType::className).toList();
    }

    static AnswerType ofClass(String name) {
        return Arrays.stream(values())
                .filter(type -> type.className.equals(name))
                .findFirst()
                .orElseThrow();
    }

    String className() {
        return className;
    }

    StructField field(String name) {
        return switch (this) {
            case TEXT -> new StructField(name, DataTypes.StringType, true, Metadata.empty());
            case WHOLE -> new StructField(name, Columns.OUTPUT, false, Metadata.empty());
        };
    }

    /** Out of a row of the output table. */
    Column value() {
        return switch (this) {
            case TEXT -> col("text");
            case WHOLE ->
                struct(Arrays.stream(Columns.OUTPUT.fieldNames())
                        .map(functions::col)
                        .toArray(Column[]::new));
        };
    }
}
