package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;

/** Makes the column of a table's field. */
public final class FieldColumn {
    private FieldColumn() {}

    /** The field's column, whatever dots its name has. */
    public static Column of(StructField field) {
        return col("`" + field.name().replace("`", "``") + "`");
    }

    /** The field's column with null for what is not a number, which is how pandas writes null among numbers. */
    public static Column withoutNaN(StructField field) {
        boolean floating = field.dataType() instanceof DoubleType || field.dataType() instanceof FloatType;
        return floating ? when(not(isnan(of(field))), of(field)).as(field.name()) : of(field);
    }
}
