package io.sparkvlm.job.input.parquet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/** Joins the types that a column has in the files. */
final class UnifiedColumn {
    private static final int MAX_TYPE_LENGTH = 80;

    private final StructField first;
    /** The types in the order of the files, each with the first file that has it. */
    private final Map<DataType, Path> types = new LinkedHashMap<>();

    private Optional<DataType> together = Optional.of(DataTypes.NullType);

    UnifiedColumn(StructField first) {
        this.first = first;
    }

    void add(DataType type, Path file) {
        if (types.putIfAbsent(type, file) == null) {
            together = together.flatMap(before -> TypeMerge.WIDER.of(before, NestedTypes.carried(type)));
        }
    }

    StructField field() {
        // Spark writes no column without a type.
        DataType type = NestedTypes.mapped(
                together.orElse(DataTypes.StringType),
                leaf -> leaf.equals(DataTypes.NullType) ? DataTypes.IntegerType : leaf);
        Metadata metadata =
                conflict().map(reason -> TypeConflict.marked(first, reason)).orElse(first.metadata());
        return new StructField(first.name(), type, true, metadata);
    }

    private Optional<String> conflict() {
        if (together.isPresent()) {
            return Optional.empty();
        }
        return types.keySet().stream()
                .flatMap(a -> types.keySet().stream()
                        .filter(b -> TypeMerge.WIDER
                                .of(NestedTypes.carried(a), NestedTypes.carried(b))
                                .isEmpty())
                        .map(b -> "the column " + first.name() + " is " + described(a) + " and " + described(b)
                                + ", which no type holds both"))
                .findFirst()
                .or(() -> Optional.of("the column " + first.name() + " is "
                        + types.keySet().stream().map(this::described).collect(Collectors.joining(", "))
                        + ", which no type holds"));
    }

    Optional<String> change() {
        if (together.isEmpty()) {
            return Optional.empty();
        }
        return types.keySet().stream()
                .flatMap(type -> TypeChange.of(type, field().dataType())
                        .map(change ->
                                "the column " + first.name() + " is " + described(type) + ": its values " + change)
                        .stream())
                .findFirst();
    }

    private String described(DataType type) {
        String text = type.simpleString();
        return (text.length() > MAX_TYPE_LENGTH ? text.substring(0, MAX_TYPE_LENGTH) + "…" : text) + " in "
                + types.get(type).getName();
    }
}
