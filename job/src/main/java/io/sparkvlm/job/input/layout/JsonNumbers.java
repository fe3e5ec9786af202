package io.sparkvlm.job.input.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Gives numbers back what a table's columns and Spark's JSON made of them. A column with nulls in it makes pandas'
 * integers decimals and the nulls not a number, and Spark writes what is not finite as strings.
 */
final class JsonNumbers {
    /** JSON has no infinity, but numbers beyond every double, which a check of their range refuses. */
    private static final JsonNode INFINITY = new POJONode(new RawValue("1e999"));

    private static final JsonNode MINUS_INFINITY = new POJONode(new RawValue("-1e999"));

    private JsonNumbers() {}

    /**
     * Changes arrays and objects in place.
     *
     * @param value what Spark wrote
     * @param type of the column it comes from
     */
    static JsonNode restored(JsonNode value, DataType type) {
        if (value instanceof ObjectNode object) {
            object.properties()
                    .forEach(field -> field.setValue(restored(field.getValue(), type(type, field.getKey()))));
            object.properties().removeIf(field -> field.getValue().isNull()); // as Spark leaves nulls out
        } else if (value instanceof ArrayNode array && type instanceof ArrayType arrayType) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, restored(array.get(i), arrayType.elementType()));
            }
        } else if (value.isDouble() && value.canConvertToExactIntegral()) {
            return BigIntegerNode.valueOf(value.decimalValue().toBigIntegerExact());
        } else if (value.isTextual() && FieldColumn.isFloating(type)) {
            return notFinite(value.textValue());
        }
        return value;
    }

    private static DataType type(DataType object, String field) {
        if (object instanceof StructType struct) {
            return struct.apply(field).dataType();
        }
        return object instanceof MapType map ? map.valueType() : object;
    }

    private static JsonNode notFinite(String number) {
        return switch (number) {
            case "Infinity" -> INFINITY;
            case "-Infinity" -> MINUS_INFINITY;
            default -> NullNode.instance;
        };
    }
}
