package io.sparkvlm.job.input.parquet;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Rebuilds types from other leaves. */
final class NestedTypes {
    private NestedTypes() {}

    /** The type with its leaves changed, and with null allowed everywhere. */
    static DataType mapped(DataType type, UnaryOperator<DataType> leaf) {
        if (type instanceof StructType struct) {
            return mappedFields(struct, leaf);
        }
        if (type instanceof ArrayType array) {
            return DataTypes.createArrayType(mapped(array.elementType(), leaf), true);
        }
        if (type instanceof MapType map) {
            return DataTypes.createMapType(mapped(map.keyType(), leaf), mapped(map.valueType(), leaf), true);
        }
        return leaf.apply(type);
    }

    static StructType mappedFields(StructType struct, UnaryOperator<DataType> leaf) {
        return new StructType(Arrays.stream(struct.fields())
                .map(field -> new StructField(field.name(), mapped(field.dataType(), leaf), true, field.metadata()))
                .toArray(StructField[]::new));
    }

    static boolean hasForeign(DataType type) {
        return !read(type).equals(mapped(type, leaf -> leaf));
    }

    /** What Spark's reader is told of a type that a file has. */
    static DataType read(DataType type) {
        return mapped(type, leaf -> leaf instanceof ForeignType foreign ? foreign.readAs() : leaf);
    }

    /** What the output has of a type that a file has. */
    static DataType carried(DataType type) {
        return mapped(type, leaf -> leaf instanceof ForeignType foreign ? foreign.carriedAs() : leaf);
    }
}
