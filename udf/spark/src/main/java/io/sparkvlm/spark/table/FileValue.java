package io.sparkvlm.spark.table;

import io.sparkvlm.preprocessing.fetch.ColumnValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads files from values of a table: bytes, text that says where the file is or is its base64, or a structure of both, as
 * Hugging Face datasets writes images and videos, or of a URL, as requests of OpenAI have it.
 */
public final class FileValue {
    // datasets, Image.pa_type and Video.pa_type: the path is where the file is if there are no bytes, else its name
    private static final String BYTES = "bytes";
    private static final String PATH = "path";
    private static final String URL = "url";

    /** The fields of a structure that may hold a file, in the order in which they are looked at. */
    private static final List<String> FIELDS = List.of(BYTES, PATH, URL);

    /** Such a structure as JSON has it, whose bytes are base64. */
    public static final StructType OF_STRINGS = new StructType()
            .add(BYTES, DataTypes.StringType)
            .add(PATH, DataTypes.StringType)
            .add(URL, DataTypes.StringType);

    private FileValue() {}

    /** Whether values of this type are files. */
    public static boolean isFile(DataType type) {
        return type instanceof BinaryType
                || type instanceof StringType
                || (type instanceof StructType struct && !fieldsOf(struct).isEmpty());
    }

    /** A value of the type {@link #OF_STRINGS}. */
    public static Row ofStrings(Map<String, String> values) {
        return RowFactory.create(FIELDS.stream().map(values::get).toArray());
    }

    /** Reads a value of a type that {@link #isFile is a file}; nothing where there is null. */
    static Optional<ColumnValue> read(DataType type, Object value) {
        if (value instanceof byte[] bytes) {
            return Optional.of(new ColumnValue.Bytes(bytes));
        }
        if (value instanceof String where) {
            return Optional.of(new ColumnValue.Location(where));
        }
        if (value instanceof Row struct && type instanceof StructType fields) {
            return fieldsOf(fields).stream()
                    .filter(index -> !struct.isNullAt(index))
                    .findFirst()
                    .flatMap(index -> read(fields.apply(index).dataType(), struct.get(index)));
        }
        return Optional.empty();
    }

    /** Whether there are bytes somewhere in values of this type. */
    static boolean mayHoldBytes(DataType type) {
        if (type instanceof ArrayType array) {
            return mayHoldBytes(array.elementType());
        }
        return type instanceof BinaryType
                || (type instanceof StructType struct
                        && Arrays.stream(struct.fields()).anyMatch(field -> mayHoldBytes(field.dataType())));
    }

    /** The bytes that a value holds, however deep. */
    static long bytesIn(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.length;
        }
        if (value instanceof Row struct) {
            return IntStream.range(0, struct.size())
                    .mapToLong(index -> bytesIn(struct.get(index)))
                    .sum();
        }
        if (value instanceof Seq<?> array) {
            return elements(array).stream().mapToLong(FileValue::bytesIn).sum();
        }
        return 0;
    }

    static List<?> elements(Seq<?> array) {
        return CollectionConverters.asJava(array);
    }

    private static List<Integer> fieldsOf(StructType struct) {
        return FIELDS.stream()
                .filter(name -> struct.getFieldIndex(name).isDefined())
                .map(struct::fieldIndex)
                .filter(index -> {
                    StructField field = struct.apply(index);
                    return field.dataType() instanceof StringType
                            || (field.name().equals(BYTES) && field.dataType() instanceof BinaryType);
                })
                .toList();
    }
}
