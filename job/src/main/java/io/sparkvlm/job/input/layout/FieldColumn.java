package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
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

    /** The field's column as a string, as {@link #asText(Column, DataType)} writes its values. */
    public static Column asText(StructField field) {
        return asText(of(field), field.dataType());
    }

    /**
     * Values as strings. Nulls among numbers make pandas' integers decimals, and the nulls not a number: 7.0 is written
     * as 7, and not a number is null.
     */
    static Column asText(Column value, DataType type) {
        if (!isFloating(type)) {
            return value.cast(DataTypes.StringType);
        }
        Column whole = value.try_cast(DataTypes.LongType);
        Column text = coalesce(
                when(whole.cast(type).equalTo(value), whole.cast(DataTypes.StringType)),
                value.cast(DataTypes.StringType));
        return when(not(isnan(value)), text);
    }

    static boolean isFloating(DataType type) {
        return type instanceof DoubleType || type instanceof FloatType;
    }
}
