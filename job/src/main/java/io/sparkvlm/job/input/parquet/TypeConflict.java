package io.sparkvlm.job.input.parquet;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.Set;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Marks a column whose types in several files do not meet, until it is known whether the output has it. */
public final class TypeConflict {
    private static final String COLUMN = "sparkvlm_conflict_of";
    private static final String REASON = "sparkvlm_conflict";

    private TypeConflict() {}

    static Metadata marked(StructField column, String reason) {
        return new MetadataBuilder()
                .withMetadata(column.metadata())
                .putString(COLUMN, column.name())
                .putString(REASON, reason)
                .build();
    }

    /**
     * Refuses a table with such a column.
     *
     * @param dropped columns that the output does not have
     */
    public static void requireNone(StructType table, Set<String> dropped) throws JobRefusedException {
        for (StructField field : table.fields()) {
            if (field.metadata().contains(REASON)
                    && !dropped.contains(field.metadata().getString(COLUMN))) {
                throw new JobRefusedException(field.metadata().getString(REASON) + "; leave it out with --drop-columns "
                        + field.metadata().getString(COLUMN) + ", or write it as one type");
            }
        }
    }
}
