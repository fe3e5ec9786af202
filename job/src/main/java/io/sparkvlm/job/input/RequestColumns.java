package io.sparkvlm.job.input;

import io.sparkvlm.job.input.layout.FieldColumn;
import io.sparkvlm.job.input.layout.RequestLayout;
import io.sparkvlm.job.input.layout.RequestLayouts;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Tells the columns of a table that make the request from those that are carried through. */
record RequestColumns(StructType schema, RequestLayout layout) {
    static RequestColumns of(StructType schema) throws JobRefusedException {
        RequestColumns columns = new RequestColumns(schema, RequestLayouts.of(schema));
        List<String> taken = Columns.taken(new StructType(columns.carried().toArray(StructField[]::new)));
        if (!taken.isEmpty()) {
            throw new JobRefusedException("the input's columns " + String.join(", ", taken)
                    + " have names of the output's own: rename or leave them out");
        }
        return columns;
    }

    /** The table that {@link io.sparkvlm.spark.VlmStages#prepare} takes. */
    Dataset<Row> select(Dataset<Row> table, Column rowId) {
        List<Column> selected = new ArrayList<>();
        selected.add(rowId.as(Columns.ROW_ID));
        if (hasCustomId()) {
            selected.add(FieldColumn.withoutNaN(schema.apply(Columns.CUSTOM_ID))
                    .cast(DataTypes.StringType)
                    .as(Columns.CUSTOM_ID));
        }
        selected.add(layout.request().as(Columns.REQUEST));
        carried().forEach(field -> selected.add(FieldColumn.of(field)));
        return table.select(selected.toArray(Column[]::new));
    }

    /** Whether a row can have a custom_id, of its own or in the Batch line that it holds. */
    boolean mayHaveCustomIds() {
        return hasCustomId() || layout.mayBeBatchLines();
    }

    private boolean hasCustomId() {
        return schema.getFieldIndex(Columns.CUSTOM_ID).isDefined();
    }

    /** What belongs to neither the request nor its id. */
    List<StructField> carried() {
        return Arrays.stream(schema.fields())
                .filter(field -> !layout.takes(field) && !field.name().equals(Columns.CUSTOM_ID))
                .toList();
    }
}
