package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.spark.table.Columns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Names the rows that a job takes. */
public sealed interface JobSource permits InputSelection, TableSelection {
    /** What columns are for, in a table that has no requests. */
    ColumnRoles roles();

    /** The job takes so many rows from the start; all of them where it is empty. */
    Optional<Long> limitRows();

    /** The files that hold the rows, where files were named. */
    Optional<RequestFiles> requestFiles();

    /** What names the rows otherwise, by the names of the options. */
    Map<String, String> options();

    /** Keeps the rows that the limit takes, by where they stood in the input or else by their ids. */
    default Dataset<Row> firstOf(Dataset<Row> rows) {
        return limitRows()
                .filter(limit -> limit <= Integer.MAX_VALUE)
                .map(limit -> first(limit.intValue(), rows))
                .orElse(rows);
    }

    /** Orders by the place in the input: Spark deals files to partitions by their size, the largest first. */
    private static Dataset<Row> first(int limit, Dataset<Row> rows) {
        String place = "place";
        List<Row> last = rows.select(RowId.place().as(place))
                .orderBy(place)
                .offset(limit - 1)
                .limit(1)
                .select(col(place).getField(Columns.ROW_ID))
                .collectAsList();
        return last.isEmpty() // there are not so many
                ? rows
                : rows.where(RowId.place().leq(RowId.place(lit(last.get(0).getString(0)))));
    }
}
