package io.sparkvlm.job.input;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.parquet.ColumnsOfFile;
import io.sparkvlm.job.input.parquet.FileGroup;
import io.sparkvlm.job.input.parquet.ParquetFiles;
import io.sparkvlm.job.input.parquet.PartitionFolders;
import io.sparkvlm.job.input.parquet.UnifiedTable;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.table.CarriedNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads requests from Parquet files: the whole body in one column, {@code messages} and the parameters in columns of their
 * names, or pictures and prompts in columns that have these roles. The other columns are carried through, and a request can
 * name files in them.
 *
 * <p>Files need not agree. Those that do are read as one table, whose requests are written from its own types; only
 * what is carried must be of one type in all of them.
 */
final class ParquetSource implements RequestSource {
    private final RequestFiles files;

    private final ColumnRoles roles;

    ParquetSource(RequestFiles files, ColumnRoles roles) {
        this.files = files;
        this.roles = roles;
    }

    @Override
    public Dataset<Row> read(SparkSession spark, Consumer<String> notes) throws JobRefusedException {
        List<Path> paths = files.files().stream().map(FileStatus::getPath).toList();
        List<ColumnsOfFile> found = ParquetFiles.read(paths, spark);
        ColumnCase.tellApart(spark);
        chooseReader(found, spark);
        try {
            PartitionFolders folders = PartitionFolders.of(files.root(), paths);
            UnifiedTable table = UnifiedTable.of(found);
            GroupRequests requests = GroupRequests.of(table, folders, roles, files.root());
            requests.carried().forEach(name -> table.change(name).ifPresent(notes));
            leftOut(found).forEach((column, why) -> notes.accept("the column " + column + " is left out: " + why));
            List<Dataset<Row>> groups = new ArrayList<>();
            for (FileGroup group : FileGroup.of(found)) {
                groups.add(requests.of(read(group, spark), group));
            }
            Dataset<Row> all = GroupRequests.together(groups);
            CarriedNames.changes(all.schema()).forEach(notes);
            return all;
        } catch (JobRefusedException e) {
            throw e;
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new JobRefusedException("the input's Parquet files cannot be read: " + RootCause.of(e), e);
        }
    }

    /** The settings hold for all files of the session. */
    private static void chooseReader(List<ColumnsOfFile> found, SparkSession spark) throws JobRefusedException {
        Optional<ColumnsOfFile> byRows =
                found.stream().filter(ColumnsOfFile::byRowsOnly).findFirst();
        Optional<ColumnsOfFile> byColumns =
                found.stream().filter(ColumnsOfFile::foreignInside).findFirst();
        if (byRows.isPresent() && byColumns.isPresent()) {
            throw new JobRefusedException("expected one way to read all files, found "
                    + byRows.get().path().getName() + ", whose encoding is read row by row only, and "
                    + byColumns.get().path().getName()
                    + ", whose lists or structures hold a type that is read by columns"
                    + " only: give them to two jobs, or write one anew");
        }
        if (byRows.isPresent()) {
            spark.conf().set("spark.sql.parquet.enableVectorizedReader", false);
        }
        if (byColumns.isPresent()) {
            // Spark's reader of single rows asks what every type inside a list is, and refuses those it does not know.
            spark.conf().set("spark.sql.parquet.enableNestedColumnVectorizedReader", true);
        }
    }

    /** Why columns are left out, by their names. */
    private static Map<String, String> leftOut(List<ColumnsOfFile> found) {
        return found.stream()
                .flatMap(file -> file.schema().leftOut().stream()
                        .map(column -> Map.entry(
                                column.column(),
                                column.why() + " (" + file.path().getName() + ")")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, next) -> first));
    }

    private static Dataset<Row> read(FileGroup group, SparkSession spark) {
        return spark.read()
                .schema(group.read())
                // Not for the folders, but because Spark then takes no columns from their names.
                .option("recursiveFileLookup", true)
                .parquet(group.files().stream().map(RequestFiles::literally).toArray(String[]::new));
    }
}
