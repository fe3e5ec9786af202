package io.sparkvlm.job.input.parquet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Files that are read with one schema: where two have a column, or a field of one, it is of the same name and type.
 *
 * @param columns of all the files together; a file that lacks one has null there
 */
public record FileGroup(StructType columns, List<Path> files) {
    /** The files in as few groups as a look from the first to the last finds, so that there are few tables to join. */
    public static List<FileGroup> of(List<ColumnsOfFile> files) {
        Map<StructType, List<Path>> bySchema = new LinkedHashMap<>();
        for (ColumnsOfFile file : files) {
            bySchema.computeIfAbsent(withoutNulls(file.schema().columns()), schema -> new ArrayList<>())
                    .add(file.path());
        }
        List<FileGroup> groups = new ArrayList<>();
        bySchema.forEach((schema, paths) -> addTo(groups, schema, paths));
        return groups;
    }

    /** What Spark's reader is told. */
    public StructType read() {
        return (StructType) NestedTypes.read(columns);
    }

    /** The column that these files have for one of all files together. */
    public Optional<StructField> column(String name, UnifiedTable table) {
        return Arrays.stream(columns.fields())
                .filter(field -> table.areOne(field.name(), name))
                .findFirst();
    }

    private static void addTo(List<FileGroup> groups, StructType schema, List<Path> paths) {
        for (int i = 0; i < groups.size(); i++) {
            FileGroup group = groups.get(i);
            Optional<StructType> together = TypeMerge.EQUAL.ofFields(group.columns(), schema);
            if (together.isPresent()) {
                List<Path> all = new ArrayList<>(group.files());
                all.addAll(paths);
                groups.set(i, new FileGroup(together.get(), all));
                return;
            }
        }
        groups.add(new FileGroup(schema, paths));
    }

    /** A column of nothing but nulls is as if it were not there, and fits every other. */
    private static StructType withoutNulls(StructType schema) {
        return new StructType(Arrays.stream(schema.fields())
                .filter(field -> !UnifiedTable.isNull(field.dataType()))
                .toArray(StructField[]::new));
    }
}
