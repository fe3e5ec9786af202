package io.sparkvlm.job.input.parquet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads files with the columns that the names of their folders are, as {@code day=2024-05-01}: of all files together, so
 * that a column is of one type in all of them.
 *
 * @param base the folder below which folders name columns
 * @param columns that the folders' names are; they go before columns of a file
 */
public record PartitionFolders(Path base, StructType columns) {
    private static final String NONE = "sparkvlm_no_column";

    /**
     * Looks at the names of the folders, and into no file.
     *
     * @param patterns the files, as Spark's reader takes them
     */
    public static PartitionFolders of(Path base, List<String> patterns, SparkSession spark) {
        boolean named = patterns.stream().anyMatch(file -> file.contains("="));
        if (!named) {
            return new PartitionFolders(base, new StructType());
        }
        // With a schema given, Spark opens no file.
        StructType found = spark.read()
                .schema(new StructType().add(NONE, DataTypes.IntegerType))
                .option("basePath", base.toString())
                .parquet(patterns.toArray(String[]::new))
                .schema();
        return new PartitionFolders(
                base,
                new StructType(Arrays.stream(found.fields())
                        .filter(field -> !field.name().equals(NONE))
                        .toArray(StructField[]::new)));
    }

    public boolean name(StructField column) {
        return TypeMerge.indexOf(List.of(columns.fields()), column.name()) >= 0;
    }

    /** The columns of files and of the folders. */
    public StructType with(StructType ofFiles) {
        List<StructField> all = new ArrayList<>(List.of(ofFiles.fields()));
        for (StructField column : columns.fields()) {
            int index = TypeMerge.indexOf(all, column.name());
            if (index < 0) {
                all.add(column);
            } else {
                all.set(index, column);
            }
        }
        return new StructType(all.toArray(StructField[]::new));
    }

    /**
     * Reads files of one schema.
     *
     * @param patterns the files, as Spark's reader takes them
     */
    public Dataset<Row> read(StructType ofFiles, List<String> patterns, SparkSession spark) {
        return spark.read()
                .schema(with(ofFiles))
                .option("basePath", base.toString())
                .parquet(patterns.toArray(String[]::new));
    }
}
