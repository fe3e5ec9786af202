package io.sparkvlm.job.sql;

import io.sparkvlm.spark.table.Columns;
import java.util.Arrays;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What a function returns of an answer. */
public enum AnswerForm {
    /** The answer, or null for an error. */
    TEXT("vlm_text", "the text of the answer, or null where there is an error"),
    /** The output table's columns but the row's names. */
    WHOLE("vlm_chat", "a structure with the text, the error, the usage and more");

    /** The columns of an answer that are its own. */
    static final StructType FIELDS = new StructType(Arrays.stream(Columns.OUTPUT.fields())
            .filter(field -> !Set.of(Columns.ROW_ID, Columns.CUSTOM_ID).contains(field.name()))
            .toArray(StructField[]::new));

    static final String TEXT_FIELD = "text";

    private final String function;
    private final String description;

    AnswerForm(String function, String description) {
        this.function = function;
        this.description = description;
    }

    String function() {
        return function;
    }

    String description() {
        return description;
    }

    DataType type() {
        return switch (this) {
            case TEXT -> DataTypes.StringType;
            case WHOLE -> FIELDS;
        };
    }
}
