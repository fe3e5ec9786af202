package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.kill.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Checks an output against its input, and knows nothing of how it came about. */
final class OutputRows {
    private OutputRows() {}

    /** Each line has one row, with either an answer or an error. */
    static List<Row> areThoseOf(Path input, Path output, SparkSession spark) throws IOException {
        List<Row> rows =
                spark.read().parquet(output.toString()).orderBy("row_id").collectAsList();
        assertThat(rows)
                .extracting(row -> row.<String>getAs("row_id"))
                .containsExactlyInAnyOrderElementsOf(Workload.rowIds(input));
        assertThat(rows).allMatch(row -> row.getAs("response") == null ^ row.getAs("error") == null);
        return rows;
    }
}
