package io.sparkvlm.job.input.parquet;

import java.util.Arrays;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructField;

/**
 * A file that can be read, and its columns.
 *
 * @param byRowsOnly whether Spark's reader of whole columns cannot read its values, and Parquet's own, which reads row by
 *     row, can
 */
public record ColumnsOfFile(Path path, FileSchema schema, boolean byRowsOnly) {
    /** Whether lists, maps or structures of it hold values of types that Spark does not know. */
    public boolean foreignInside() {
        return Arrays.stream(schema.columns().fields())
                .map(StructField::dataType)
                .anyMatch(type -> !(type instanceof ForeignType) && NestedTypes.hasForeign(type));
    }
}
