package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.NearestName;
import io.sparkvlm.spark.table.ColumnPath;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Holds a value of a table that an option names: a column, or what lies in one.
 *
 * @param column null in rows that have nothing there
 */
record PathColumn(String path, Column column, DataType type) {
    /**
     * Finds the value by its path.
     *
     * @param option the flag that names it
     */
    static PathColumn of(String option, String path, StructType schema) throws JobRefusedException {
        String fault = ColumnPath.of(schema, path).fold(found -> "", rejection -> rejection.message());
        if (!fault.isEmpty()) {
            throw new JobRefusedException(
                    option + " \"" + path + "\": " + fault + nearest(path, List.of(schema.fieldNames())));
        }
        List<Integer> steps = ColumnPath.of(schema, path).fold(ColumnPath::steps, rejection -> List.of());
        StructField first = schema.apply(steps.get(0));
        PathColumn value = new PathColumn(path, FieldColumn.of(first), first.dataType());
        for (int step : steps.subList(1, steps.size())) {
            value = value.inside(step);
        }
        return value;
    }

    /** A whole column. */
    static PathColumn of(StructField field) {
        return new PathColumn(field.name(), FieldColumn.of(field), field.dataType());
    }

    private static String nearest(String path, List<String> names) {
        return names.stream().anyMatch(path::startsWith) ? "" : NearestName.hint(path, names);
    }

    private PathColumn inside(int step) {
        if (type instanceof StructType struct) {
            StructField field = struct.apply(step);
            return new PathColumn(path, column.getField(field.name()), field.dataType());
        }
        return new PathColumn(path, get(column, lit(step)), ((ArrayType) type).elementType());
    }
}
