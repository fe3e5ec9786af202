package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.FieldColumn;
import io.sparkvlm.job.input.parquet.FileGroup;
import io.sparkvlm.job.input.parquet.PartitionFolders;
import io.sparkvlm.job.input.parquet.TypeChange;
import io.sparkvlm.job.input.parquet.TypeConflict;
import io.sparkvlm.job.input.parquet.UnifiedTable;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.CarriedNames;
import io.sparkvlm.spark.table.Columns;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Makes the requests of a group of files: those of all groups have the same columns.
 *
 * @param table the columns of all files
 * @param folders that name columns too
 * @param roles of columns that make requests
 * @param carried the names of those that go through to the output
 * @param root that row ids are relative to
 */
record GroupRequests(UnifiedTable table, PartitionFolders folders, ColumnRoles roles, List<String> carried, Path root) {
    private static final String ROW = "sparkvlm_row";

    /** @throws JobRefusedException where the columns make no requests */
    static GroupRequests of(UnifiedTable table, PartitionFolders folders, ColumnRoles roles, Path root)
            throws JobRefusedException {
        RequestColumns columns = RequestColumns.of(schema(table, folders), roles);
        return new GroupRequests(table, folders, roles, names(columns), root);
    }

    /** @param read the group's files */
    Dataset<Row> of(Dataset<Row> read, FileGroup group) throws JobRefusedException {
        List<Column> columns = new ArrayList<>();
        for (StructField field : schema().fields()) {
            Metadata metadata = carried.contains(field.name()) ? field.metadata() : Metadata.empty();
            columns.add(column(field, read, group).as(field.name(), metadata));
        }
        columns.add(rowId(read).as(ROW));
        Dataset<Row> unified = read.select(columns.toArray(Column[]::new));
        RequestColumns requests = RequestColumns.of(
                new StructType(Arrays.stream(unified.schema().fields())
                        .filter(field -> !field.name().equals(ROW))
                        .toArray(StructField[]::new)),
                roles);
        if (!names(requests).equals(carried)) { // by its type, a column belongs to the request in some files only
            TypeConflict.requireNone(schema(), Set.of());
        }
        return requests.select(unified, col(ROW));
    }

    /** The groups as one table; requests are text in some files and bytes in others, and then bytes in all. */
    static Dataset<Row> together(List<Dataset<Row>> groups) {
        boolean alike =
                groups.stream().map(GroupRequests::requestType).distinct().count() == 1;
        return groups.stream()
                .map(group -> alike
                        ? group
                        : group.withColumn(Columns.REQUEST, col(Columns.REQUEST).cast(DataTypes.BinaryType)))
                .reduce(Dataset::unionByName)
                .orElseThrow();
    }

    private StructType schema() {
        return schema(table, folders);
    }

    /** The columns of files and of the folders, which have the name where both have it. */
    private static StructType schema(UnifiedTable table, PartitionFolders folders) {
        List<StructField> all = new ArrayList<>(List.of(table.schema().fields()));
        List<StructField> hidden = new ArrayList<>();
        for (StructField column : folders.columns().fields()) {
            int index = all.stream().map(StructField::name).toList().indexOf(column.name());
            if (index < 0) {
                all.add(column);
            } else {
                hidden.add(all.set(index, column));
            }
        }
        all.addAll(CarriedNames.renamed(hidden, all));
        return new StructType(all.toArray(StructField[]::new));
    }

    /** What is carried has the type that it has in all files, and what makes the request the one of these. */
    private Column column(StructField field, Dataset<Row> read, FileGroup group) {
        if (folders.name(field)) {
            return folders.column(field, place(read).getField("file_path"));
        }
        return group.column(CarriedNames.inputName(field), table)
                .map(own -> carried.contains(field.name())
                        ? TypeChange.applied(FieldColumn.of(own), own.dataType(), field.dataType())
                        : TypeChange.carried(FieldColumn.of(own), own.dataType()))
                .orElse(lit(null).cast(field.dataType()));
    }

    private static DataType requestType(Dataset<Row> requests) {
        return requests.schema().apply(Columns.REQUEST).dataType();
    }

    private static List<String> names(RequestColumns columns) {
        return columns.carried().stream().map(StructField::name).toList();
    }

    private Column rowId(Dataset<Row> read) {
        Column place = place(read);
        return udf(new ParquetRowId(root.toString()), DataTypes.StringType)
                .apply(place.getField("file_path"), place.getField("row_index"));
    }

    /** Where a row lies, even if a column of the files' own has that name. */
    private static Column place(Dataset<Row> read) {
        return read.metadataColumn("_metadata");
    }

    /** Spark's description of where a row lies to its id. */
    private record ParquetRowId(String root) implements UDF2<String, Long, String> {
        @Override
        public String call(String fileUri, Long index) {
            return RowId.of(RequestFiles.relative(new Path(root), new Path(URI.create(fileUri))), index);
        }
    }
}
