package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.table.CarriedNames;
import java.net.URI;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/**
 * Reads requests from a Parquet table: the whole body in one column, {@code messages} and the parameters in
 * columns of their names, or pictures and prompts in columns that have these roles. The other columns are carried
 * through, and a request can name files in them.
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
        Dataset<Row> table = table(spark);
        Dataset<Row> requests = RequestColumns.of(table.schema(), roles).select(table, rowId());
        CarriedNames.changes(requests.schema()).forEach(notes);
        return requests;
    }

    /** All files that were found, however deep, with the columns of all of them. */
    private Dataset<Row> table(SparkSession spark) throws JobRefusedException {
        String[] paths = files.files().stream()
                .map(file -> RequestFiles.literally(file.getPath()))
                .toArray(String[]::new);
        try {
            return spark.read()
                    .option("mergeSchema", true)
                    .option("basePath", files.root().toString())
                    .parquet(paths);
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new JobRefusedException("the input's Parquet files cannot be read: " + RootCause.of(e), e);
        }
    }

    private Column rowId() {
        return udf(new ParquetRowId(files.root().toString()), DataTypes.StringType)
                .apply(col("_metadata.file_path"), col("_metadata.row_index"));
    }

    /** Spark's description of where a row lies to its id. */
    private record ParquetRowId(String root) implements UDF2<String, Long, String> {
        @Override
        public String call(String fileUri, Long index) {
            return RowId.of(RequestFiles.relative(new Path(root), new Path(URI.create(fileUri))), index);
        }
    }
}
