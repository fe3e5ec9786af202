package io.sparkvlm.spark.table;

import io.sparkvlm.preprocessing.fetch.ColumnValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads files from values of a table: bytes, text that says where the file is, or a structure of both, as Hugging Face
 * datasets writes images and videos.
 */
public final class FileValue {
    // datasets, Image.pa_type and Video.pa_type: the path is where the file is if there are no bytes, else its name
    private static final String BYTES = "bytes";
    private static final String PATH = "path";

    private FileValue() {}

    /** Whether values of this type are files. */
    public static boolean isFile(DataType type) {
        return type instanceof BinaryType
                || type instanceof StringType
                || (type instanceof StructType struct
                        && (field(struct, BYTES, BinaryType.class).isPresent()
                                || field(struct, PATH, StringType.class).isPresent()));
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
            return field(fields, BYTES, BinaryType.class)
                    .filter(index -> !struct.isNullAt(index))
                    .or(() -> field(fields, PATH, StringType.class))
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

    private static Optional<Integer> field(StructType struct, String name, Class<? extends DataType> type) {
        return struct.getFieldIndex(name).isDefined()
                ? Optional.of(struct.fieldIndex(name))
                        .filter(index -> type.isInstance(struct.apply(index).dataType()))
                : Optional.empty();
    }
}
