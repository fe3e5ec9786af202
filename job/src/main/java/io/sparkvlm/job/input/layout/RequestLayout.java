package io.sparkvlm.job.input.layout;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructField;

/** Says which columns of a table make the request of a row, and how. */
public interface RequestLayout {
    /** The request, as {@link io.sparkvlm.spark.table.RequestTable} reads it. */
    Column request();

    /** Whether the column goes into the request, and not to the output. */
    boolean takes(StructField field);

    /** Whether a request may be a Batch line, which has a custom_id of its own. */
    boolean mayBeBatchLines();
}
