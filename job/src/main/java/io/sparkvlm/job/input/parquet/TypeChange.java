package io.sparkvlm.job.input.parquet;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.transform_keys;
import static org.apache.spark.sql.functions.transform_values;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Turns the values of a file's column into those of the type that the column has in all files together. */
public final class TypeChange {
    private TypeChange() {}

    /**
     * The column with values of another type.
     *
     * @param column as Spark reads it
     * @param from its type in the file
     * @param to a type that {@link TypeMerge#WIDER} found for it
     */
    public static Column applied(Column column, DataType from, DataType to) {
        if (from.equals(to)) {
            return column;
        }
        if (from instanceof ForeignType foreign) {
            return applied(foreign.carried(column), foreign.carriedAs(), to);
        }
        if (from.equals(DataTypes.NullType)) {
            return lit(null).cast(to);
        }
        if (from instanceof StructType before && to instanceof StructType after) {
            Column[] fields = Arrays.stream(after.fields())
                    .map(field -> field(column, before, field).as(field.name()))
                    .toArray(Column[]::new);
            return when(column.isNotNull(), struct(fields));
        }
        if (from instanceof ArrayType before && to instanceof ArrayType after) {
            return transform(column, element -> applied(element, before.elementType(), after.elementType()));
        }
        if (from instanceof MapType before && to instanceof MapType after) {
            Column values =
                    transform_values(column, (key, value) -> applied(value, before.valueType(), after.valueType()));
            return before.keyType().equals(after.keyType())
                    ? values
                    : transform_keys(values, (key, value) -> applied(key, before.keyType(), after.keyType()));
        }
        return column.cast(to);
    }

    /** The column with values of types that Spark knows. */
    public static Column carried(Column column, DataType from) {
        return applied(column, from, NestedTypes.carried(from));
    }

    /** What is lost on the way; empty where nothing is. */
    static Optional<String> of(DataType from, DataType to) {
        if (from instanceof ForeignType foreign) {
            return foreign.loss().or(() -> of(foreign.carriedAs(), to));
        }
        if (from instanceof StructType before && to instanceof StructType after) {
            return Arrays.stream(before.fields())
                    .flatMap(field -> of(field.dataType(), same(after, field).dataType()).stream())
                    .findFirst();
        }
        if (from instanceof ArrayType before && to instanceof ArrayType after) {
            return of(before.elementType(), after.elementType());
        }
        if (from instanceof MapType before && to instanceof MapType after) {
            return of(before.keyType(), after.keyType()).or(() -> of(before.valueType(), after.valueType()));
        }
        return WiderLeaf.loss(from, to);
    }

    private static Column field(Column column, StructType before, StructField after) {
        int index = TypeMerge.indexOf(List.of(before.fields()), after.name());
        if (index < 0) {
            return lit(null).cast(after.dataType());
        }
        StructField field = before.apply(index);
        return applied(column.getField(field.name()), field.dataType(), after.dataType());
    }

    private static StructField same(StructType struct, StructField field) {
        return struct.apply(TypeMerge.indexOf(List.of(struct.fields()), field.name()));
    }
}
