package io.sparkvlm.job.input.layout;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Makes values of a column with requests that are put together from others, each its JSON or why it could not be. */
final class MadeRequest {
    /** As {@link io.sparkvlm.spark.table.RequestTable} reads it. */
    static final StructType TYPE =
            new StructType().add("json", DataTypes.StringType).add("fault", DataTypes.StringType);

    private MadeRequest() {}

    static Row of(String json) {
        return RowFactory.create(json, null);
    }

    /** @param fault what was expected and found */
    static Row impossible(String fault) {
        return RowFactory.create(null, fault);
    }
}
