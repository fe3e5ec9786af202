package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Holds what each row of a table asks.
 *
 * @param text null where there is a fault
 * @param fault why a row has no text, null where it has
 */
record PromptText(Column text, Column fault) {
    static PromptText of(PromptTemplate template, StructType schema) throws JobRefusedException {
        List<Column> pieces = new ArrayList<>();
        List<Column> faults = new ArrayList<>();
        pieces.add(lit(template.texts().get(0)));
        faults.add(lit(null).cast(DataTypes.StringType));
        for (int i = 0; i < template.paths().size(); i++) {
            PathColumn value = PathColumn.of(template.option(), template.paths().get(i), schema);
            Column text = text(template.option(), value, schema);
            pieces.add(text);
            pieces.add(lit(template.texts().get(i + 1)));
            faults.add(when(
                    text.isNull(),
                    lit("expected a value in the column " + value.path() + ", which " + template.option()
                            + " names, found null")));
        }
        return new PromptText(concat(pieces.toArray(Column[]::new)), coalesce(faults.toArray(Column[]::new)));
    }

    /** Text as it is, what is made of several values as JSON. */
    private static Column text(String option, PathColumn value, StructType schema) throws JobRefusedException {
        if (JsonText.isIn(schema, value.path())) {
            return JsonText.of(value.column());
        }
        if (value.type() instanceof BinaryType) {
            throw new JobRefusedException(
                    "expected " + option + " to name text, found " + value.path() + ", which is binary");
        }
        if (value.type() instanceof ArrayType array
                && array.elementType() instanceof StructType message
                && message.getFieldIndex("role").isDefined()) {
            throw new JobRefusedException("expected " + option + " to name text, found " + value.path()
                    + ", which holds messages: call the column messages");
        }
        if (value.type() instanceof ArrayType
                || value.type() instanceof StructType
                || value.type() instanceof MapType) {
            return to_json(value.column());
        }
        return FieldColumn.asText(value.column(), value.type());
    }
}
