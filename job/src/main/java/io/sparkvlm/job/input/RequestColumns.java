package io.sparkvlm.job.input;

import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.FieldColumn;
import io.sparkvlm.job.input.layout.RequestLayout;
import io.sparkvlm.job.input.layout.RequestLayouts;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.CarriedNames;
import io.sparkvlm.spark.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Tells the columns of a table that make the request from those that are carried through. */
record RequestColumns(StructType schema, RequestLayout layout) {
    static RequestColumns of(StructType schema, ColumnRoles roles) throws JobRefusedException {
        return new RequestColumns(schema, RequestLayouts.of(schema, roles));
    }

    /** The table that {@link io.sparkvlm.spark.VlmStages#answer} takes. */
    Dataset<Row> select(Dataset<Row> table, Column rowId) {
        List<Column> selected = new ArrayList<>();
        selected.add(rowId.as(Columns.ROW_ID));
        if (hasCustomId()) {
            selected.add(FieldColumn.asText(schema.apply(Columns.CUSTOM_ID)).as(Columns.CUSTOM_ID));
        }
        selected.add(layout.request().as(Columns.REQUEST));
        List<StructField> carried = carried();
        List<StructField> named = CarriedNames.of(carried);
        for (int i = 0; i < carried.size(); i++) {
            selected.add(FieldColumn.of(carried.get(i))
                    .as(named.get(i).name(), named.get(i).metadata()));
        }
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
