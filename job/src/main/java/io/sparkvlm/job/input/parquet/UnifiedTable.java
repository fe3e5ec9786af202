package io.sparkvlm.job.input.parquet;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Says which columns files have together, and of which types. Names that differ in case alone are one column, unless a file
 * has several of them.
 */
public final class UnifiedTable {
    private final Map<String, UnifiedColumn> columns = new LinkedHashMap<>();
    /** In lower case, the names that some file has more than once. */
    private final Set<String> toldApart = new HashSet<>();

    private UnifiedTable() {}

    public static UnifiedTable of(List<ColumnsOfFile> files) {
        UnifiedTable table = new UnifiedTable();
        for (ColumnsOfFile file : files) {
            Set<String> seen = new HashSet<>();
            for (String name : file.schema().columns().fieldNames()) {
                if (!seen.add(lower(name))) {
                    table.toldApart.add(lower(name));
                }
            }
        }
        for (ColumnsOfFile file : files) {
            for (StructField field : file.schema().columns().fields()) {
                table.columns
                        .computeIfAbsent(table.key(field.name()), name -> new UnifiedColumn(field))
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
        return Optional.ofNullable(columns.get(key(name)));
    }

    /** Whether these are names of one column. */
    boolean areOne(String name, String other) {
        return key(name).equals(key(other));
    }

    private String key(String name) {
        return toldApart.contains(lower(name)) ? name : lower(name);
    }

    static boolean isNull(DataType type) {
        return NestedTypes.carried(type).equals(DataTypes.NullType);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
