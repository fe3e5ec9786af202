package io.sparkvlm.job.input.parquet;

import static org.apache.spark.sql.functions.udf;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads columns from the names of folders, as {@code day=2024-05-01}. A column is of whole numbers or of dates where all its
 * values are written just as Spark would write them again, else of text: Spark itself makes 1 of {@code 01} and 2.5 of {@code
 * 2.50}.
 *
 * @param base the folder below which folders name columns
 * @param columns that the folders' names are
 */
public record PartitionFolders(Path base, StructType columns) {
    /** Hive's name for null, which Spark, pyarrow, DuckDB and Polars write too. */
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    public static PartitionFolders of(Path base, List<Path> files) {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        files.stream().map(Path::getParent).distinct().forEach(folder -> named(base, folder)
                .forEach((name, value) -> values.computeIfAbsent(name, column -> new LinkedHashSet<>())
                        .add(value)));
        return new PartitionFolders(
                base,
                new StructType(values.entrySet().stream()
                        .map(column ->
                                new StructField(column.getKey(), type(column.getValue()), true, Metadata.empty()))
                        .toArray(StructField[]::new)));
    }

    public boolean name(StructField column) {
        return columns.getFieldIndex(column.name()).isDefined();
    }

    /**
     * A column's values.
     *
     * @param file the column with the URIs of the rows' files
     */
    public Column column(StructField column, Column file) {
        return udf(new OfFile(base.toString(), column.name()), DataTypes.StringType)
                .apply(file)
                .cast(column.dataType());
    }

    /** The values that the folder's name and those above it give, by the names of their columns; the outermost first. */
    private static Map<String, String> named(Path base, Path folder) {
        if (folder == null || folder.equals(base)) {
            return new LinkedHashMap<>();
        }
        Map<String, String> values = named(base, folder.getParent());
        String name = folder.getName();
        int end = name.indexOf('=');
        if (end > 0) {
            String value = name.substring(end + 1);
            values.put(decoded(name.substring(0, end)), value.equals(NULL) ? null : decoded(value));
        }
        return values;
    }

    /** What stands for characters that file systems or writers do not like; what is no such text stays as it is. */
    private static String decoded(String name) {
        try {
            String decoded = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
            return decoded.contains("\uFFFD") ? name : decoded;
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static DataType type(Set<String> values) {
        if (values.stream().allMatch(Objects::isNull)) {
            return DataTypes.StringType;
        }
        if (areAll(values, PartitionFolders::isNumber)) {
            return DataTypes.LongType;
        }
        return areAll(values, PartitionFolders::isDate) ? DataTypes.DateType : DataTypes.StringType;
    }

    private static boolean areAll(Set<String> values, Predicate<String> kind) {
        return values.stream().filter(Objects::nonNull).allMatch(kind);
    }

    private static boolean isNumber(String value) {
        try {
            return Long.toString(Long.parseLong(value)).equals(value);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Of four digits for the year: Spark's text for others cannot be relied on. */
    private static boolean isDate(String value) {
        try {
            return value.length() == "2024-05-01".length()
                    && LocalDate.parse(value).toString().equals(value);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private record OfFile(String base, String column) implements UDF1<String, String> {
        @Override
        public String call(String fileUri) {
            return named(new Path(base), new Path(URI.create(fileUri)).getParent())
                    .get(column);
        }
    }
}
