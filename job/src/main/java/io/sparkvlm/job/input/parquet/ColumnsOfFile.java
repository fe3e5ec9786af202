package io.sparkvlm.job.input.parquet;

import java.util.Arrays;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructField;

/** A file that can be read, and its columns. */
public record ColumnsOfFile(Path path, FileSchema schema) {
    /** Whether lists, maps or structures of it hold values of types that Spark does not know. */
    public boolean foreignInside() {
        return Arrays.stream(schema.columns().fields())
                .map(StructField::dataType)
                .anyMatch(type -> !(type instanceof ForeignType) && NestedTypes.hasForeign(type));
    }
}
