package io.sparkvlm.job.input.parquet;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * Says what columns a file has.
 *
 * @param columns with {@link ForeignType}s where Spark does not know a type
 * @param leftOut the columns that cannot be read, and why
 */
public record FileSchema(StructType columns, List<LeftOut> leftOut) implements Serializable {
    /** A column that cannot be read. */
    public record LeftOut(String column, String why) implements Serializable {}
}
