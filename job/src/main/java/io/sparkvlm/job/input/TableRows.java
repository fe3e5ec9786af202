package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.input.TableSelection.Kind;
import io.sparkvlm.job.input.layout.FieldColumn;
import io.sparkvlm.job.lake.TableLibrary;
import io.sparkvlm.job.lake.TableVersion;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.table.Columns;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;

/**
 * Reads the requests of a table or a query. A table of Delta or Iceberg is read at one version, whatever is written to it
 * meanwhile; all else must be the same whenever it is read.
 *
 * @param version of the table; empty where it has none
 * @param requests what {@link io.sparkvlm.spark.VlmStages#answer} takes
 */
public record TableRows(Optional<TableVersion> version, Dataset<Row> requests) {
    /**
     * Describes the rows.
     *
     * @param frozen the version that an earlier start of the job has read
     * @throws JobRefusedException in one line that says what is missing, a library among it
     */
    public static TableRows of(TableSelection selection, Optional<TableVersion> frozen, SparkSession spark)
            throws JobRefusedException {
        try {
            Optional<TableVersion> present = presentVersion(selection, spark);
            if (frozen.isPresent() && frozen.get().table().isPresent()) {
                requireSameTable(selection, frozen.get().table().get(), present);
            }
            Optional<TableVersion> version = frozen.or(() -> present);
            Dataset<Row> rows = read(selection, version, spark);
            Dataset<Row> named = selection.rowIdColumn().isPresent()
                    ? named(rows, selection.rowIdColumn().get())
                    : rows;
            Dataset<Row> requests = new DataFrameSource(named, selection.roles()).read();
            return new TableRows(version, selection.firstOf(requests));
        } catch (JobRefusedException e) {
            throw e;
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw TableLibrary.missing(e, selection.text())
                    .orElseGet(() -> new JobRefusedException(
                            "the input " + selection.text() + " cannot be read: " + RootCause.of(e), e));
        }
    }

    private static Optional<TableVersion> presentVersion(TableSelection selection, SparkSession spark)
            throws JobRefusedException {
        if (selection.kind() == Kind.QUERY) {
            return Optional.empty();
        }
        String table = selection.table();
        return TableLibrary.of(table, spark).flatMap(library -> library.version(table, spark));
    }

    private static void requireSameTable(TableSelection selection, String began, Optional<TableVersion> present)
            throws JobRefusedException {
        String id = present.flatMap(TableVersion::table).orElse("");
        if (!began.equals(id)) {
            throw new JobRefusedException("the input table " + selection.text() + " was made anew or replaced since the"
                    + " first start: its id was " + began + " and is " + (id.isEmpty() ? "not there" : id)
                    + "; choose another output, or --overwrite to answer its rows");
        }
    }

    private static Dataset<Row> read(TableSelection selection, Optional<TableVersion> version, SparkSession spark)
            throws JobRefusedException {
        if (selection.kind() == Kind.QUERY) {
            return spark.sql(selection.text());
        }
        String table = selection.table();
        return version.isPresent()
                ? spark.sql("SELECT * FROM " + table + " VERSION AS OF "
                        + version.get().number())
                : spark.table(table);
    }

    private static Dataset<Row> named(Dataset<Row> rows, String column) throws JobRefusedException {
        if (!List.of(rows.schema().fieldNames()).contains(column)) {
            throw new JobRefusedException("expected the column " + column + " of --row-id-column, found "
                    + String.join(", ", rows.schema().fieldNames()));
        }
        DataType type = rows.schema().apply(column).dataType();
        if (!(type instanceof AtomicType) || type instanceof BinaryType) {
            throw new JobRefusedException("expected a column of numbers or texts for --row-id-column, found "
                    + type.simpleString() + " in " + column);
        }
        if (!column.equals(Columns.ROW_ID)
                && Arrays.stream(rows.schema().fieldNames()).anyMatch(Columns.ROW_ID::equalsIgnoreCase)) {
            throw new JobRefusedException("the table has a column " + Columns.ROW_ID + " beside " + column
                    + ", which names the rows: name rows by it, or give it another name in an --input-query");
        }
        Dataset<Row> named =
                rows.withColumn(Columns.ROW_ID, FieldColumn.asText(rows.schema().apply(column)));
        List<Row> repeated = named.groupBy(col(Columns.ROW_ID))
                .agg(count(lit(1)).as("rows"))
                .where(col("rows").gt(1).or(col(Columns.ROW_ID).isNull()))
                .limit(1)
                .collectAsList();
        if (!repeated.isEmpty()) {
            throw new JobRefusedException("expected a value of its own in each row of the column " + column + ", found "
                    + repeated.get(0).getString(0) + " in " + repeated.get(0).getLong(1));
        }
        return named;
    }
}
