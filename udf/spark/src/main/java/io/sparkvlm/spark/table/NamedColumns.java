package io.sparkvlm.spark.table;

import io.sparkvlm.preprocessing.fetch.ColumnValue;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.RowColumns;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/** Finds what a request names in the columns of its row. A value is looked at when it is asked for. */
record NamedColumns(CarriedColumns named, Row row) implements RowColumns {
    @Override
    public ColumnValue find(String path) {
        return ColumnPath.of(columns(), path)
                .fold(
                        found -> FileValue.isFile(found.type()) ? value(found, path) : notAFile(found.type(), path),
                        rejection -> unusable(path, rejection.message()));
    }

    /** The columns under the names that the input has for them. */
    private StructType columns() {
        return new StructType(Arrays.stream(named.after(new StructType()).fields())
                .map(field -> new StructField(
                        CarriedNames.inputName(field), field.dataType(), field.nullable(), Metadata.empty()))
                .toArray(StructField[]::new));
    }

    @Override
    public long bytes() {
        return Arrays.stream(named.indices())
                .filter(index ->
                        FileValue.mayHoldBytes(named.schema().apply(index).dataType()))
                .mapToLong(index -> FileValue.bytesIn(row.get(index)))
                .sum();
    }

    private ColumnValue value(ColumnPath found, String path) {
        List<Integer> steps = found.steps();
        Object value = row.get(named.indices()[steps.get(0)]);
        for (int step : steps.subList(1, steps.size())) {
            if (value instanceof Row struct) {
                value = struct.get(step);
            } else if (value instanceof Seq<?> array) {
                if (step >= array.size()) {
                    return unusable(path, "found an array of " + array.size() + " elements, counted from 0");
                }
                value = array.apply(step);
            } // else null, which has null in it
        }
        return FileValue.read(found.type(), value).orElseGet(() -> unusable(path, "found null"));
    }

    private static ColumnValue notAFile(DataType type, String path) {
        String hint = type instanceof ArrayType ? ": name an element, as " + path + "[0]" : "";
        return unusable(path, "found " + type.simpleString() + hint);
    }

    private static ColumnValue unusable(String path, String found) {
        return new ColumnValue.Unusable(
                "expected bytes, a path or a URL in the column " + MediaFetcher.shown(path) + ", " + found);
    }
}
