package io.sparkvlm.spark.table;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Gives a carried column another name where the tables have a column of that name themselves, or the input has another one;
 * Spark does not tell names apart by case. The field's metadata keep the name that the input had.
 */
public final class CarriedNames {
    private static final String PREFIX = "input_";
    private static final String INPUT_NAME = "sparkvlm_input_name";

    private CarriedNames() {}

    /** The names of the tables' own columns, in lower case. */
    public static Set<String> taken() {
        return Stream.of(
                        Stream.of(Columns.OUTPUT.fieldNames()),
                        Stream.of(Columns.PREPARED.fieldNames()),
                        Stream.of(
                                Columns.REQUEST,
                                Columns.DUPLICATE_OF,
                                Columns.BUCKET,
                                Columns.ROW_INDEX,
                                Columns.COPY_OF))
                .flatMap(names -> names)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The fields under the names that they are carried under, in the same order. */
    public static List<StructField> of(List<StructField> carried) {
        Set<String> used = new HashSet<>(taken());
        carried.forEach(field -> used.add(lower(field.name())));
        Set<String> seen = new HashSet<>(taken());
        seen.add(""); // which is no name of a column
        return carried.stream()
                .map(field -> seen.add(lower(field.name())) ? field : renamed(field, used))
                .toList();
    }

    /**
     * The fields under other names.
     *
     * @param beside fields whose names are taken
     */
    public static List<StructField> renamed(List<StructField> fields, List<StructField> beside) {
        Set<String> used = new HashSet<>();
        beside.forEach(field -> used.add(lower(field.name())));
        return fields.stream().map(field -> renamed(field, used)).toList();
    }

    /** Says which columns are carried under another name than the input's, a line each. */
    public static List<String> changes(StructType table) {
        return Arrays.stream(table.fields())
                .filter(field -> field.metadata().contains(INPUT_NAME))
                .map(field -> "the input's column " + inputName(field) + " is carried as " + field.name()
                        + ", because another column has its name")
                .toList();
    }

    /** The name that a carried column has in the input, by which requests name it. */
    public static String inputName(StructField field) {
        return field.metadata().contains(INPUT_NAME) ? field.metadata().getString(INPUT_NAME) : field.name();
    }

    private static StructField renamed(StructField field, Set<String> used) {
        String name = PREFIX + field.name();
        for (int copy = 2; !used.add(lower(name)); copy++) {
            name = PREFIX + field.name() + "_" + copy;
        }
        Metadata metadata = new MetadataBuilder()
                .withMetadata(field.metadata())
                .putString(INPUT_NAME, field.name())
                .build();
        return new StructField(name, field.dataType(), field.nullable(), metadata);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
