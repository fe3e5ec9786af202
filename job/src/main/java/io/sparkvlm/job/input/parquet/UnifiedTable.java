package io.sparkvlm.job.input.parquet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Says which columns files have together, and of which types. */
public final class UnifiedTable {
    private final Map<String, UnifiedColumn> columns = new LinkedHashMap<>();

    private UnifiedTable() {}

    public static UnifiedTable of(List<ColumnsOfFile> files) {
        UnifiedTable table = new UnifiedTable();
        for (ColumnsOfFile file : files) {
            for (StructField field : file.schema().columns().fields()) {
                table.columns
                        .computeIfAbsent(lower(field.name()), name -> new UnifiedColumn(field))
                        .add(field.dataType(), file.path());
            }
        }
        return table;
    }

    /** The columns; one whose types do not meet is a string, and {@link TypeConflict} knows it. */
    public StructType schema() {
        return new StructType(
                columns.values().stream().map(UnifiedColumn::field).toArray(StructField[]::new));
    }

    /** What becomes of a column's values on their way to its type; empty where they stay what they are. */
    public Optional<String> change(String column) {
        return column(column).flatMap(UnifiedColumn::change);
    }

    private Optional<UnifiedColumn> column(String name) {
        return Optional.ofNullable(columns.get(lower(name)));
    }

    static boolean isNull(DataType type) {
        return NestedTypes.carried(type).equals(DataTypes.NullType);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
