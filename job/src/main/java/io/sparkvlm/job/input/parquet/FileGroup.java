package io.sparkvlm.job.input.parquet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Files that are read with one schema: where two have a column, or a field of one, it is of the same name and type.
 *
 * @param columns of all the files together; a file that lacks one has null there
 * @param leftOut columns that are in some of the files and cannot be read, so that none of the group may read them
 */
public record FileGroup(StructType columns, Set<String> leftOut, List<Path> files) {
    /** The files in as few groups as a look from the first to the last finds, so that there are few tables to join. */
    public static List<FileGroup> of(List<ColumnsOfFile> files) {
        Map<FileSchema, List<Path>> bySchema = new LinkedHashMap<>();
        for (ColumnsOfFile file : files) {
            FileSchema schema = new FileSchema(
                    withoutNulls(file.schema().columns()), file.schema().leftOut());
            bySchema.computeIfAbsent(schema, same -> new ArrayList<>()).add(file.path());
        }
        List<FileGroup> groups = new ArrayList<>();
        bySchema.forEach((schema, paths) -> addTo(groups, new FileGroup(schema.columns(), leftOut(schema), paths)));
        return groups;
    }

    private static Set<String> leftOut(FileSchema schema) {
        return schema.leftOut().stream().map(column -> lower(column.column())).collect(Collectors.toSet());
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

    private static void addTo(List<FileGroup> groups, FileGroup added) {
        for (int i = 0; i < groups.size(); i++) {
            Optional<FileGroup> together = groups.get(i).with(added);
            if (together.isPresent()) {
                groups.set(i, together.get());
                return;
            }
        }
        groups.add(added);
    }

    private Optional<FileGroup> with(FileGroup other) {
        Set<String> unread = new HashSet<>(leftOut);
        unread.addAll(other.leftOut);
        List<Path> all = new ArrayList<>(files);
        all.addAll(other.files);
        return TypeMerge.EQUAL
                .ofFields(columns, other.columns)
                .filter(together ->
                        Arrays.stream(together.fieldNames()).noneMatch(name -> unread.contains(lower(name))))
                .map(together -> new FileGroup(together, unread, all));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** A column of nothing but nulls is as if it were not there, and fits every other. */
    private static StructType withoutNulls(StructType schema) {
        return new StructType(Arrays.stream(schema.fields())
                .filter(field -> !UnifiedTable.isNull(field.dataType()))
                .toArray(StructField[]::new));
    }
}
