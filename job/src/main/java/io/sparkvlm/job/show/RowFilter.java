package io.sparkvlm.job.show;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.text.VisibleText;
import io.sparkvlm.spark.table.Columns;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;

/** Chooses the rows that have each of the values that are given. */
public record RowFilter(Optional<String> status, Optional<String> code, Optional<String> customId) {
    Column condition() {
        return Stream.of(
                        status.map(value -> col(Columns.STATUS).equalTo(value)),
                        code.map(value -> col(Columns.ERROR + ".code").equalTo(value)),
                        customId.map(value -> col(Columns.CUSTOM_ID).equalTo(value)))
                .flatMap(Optional::stream)
                .map(wanted -> coalesce(wanted, lit(false)))
                .reduce(lit(true), Column::and);
    }

    /** The filter in words; empty where it takes every row. */
    String text() {
        return String.join(
                ", ",
                Stream.of(
                                status.map(value -> "status " + value),
                                code.map(value -> "code " + value),
                                customId.map(value -> "custom_id " + VisibleText.line(value)))
                        .flatMap(Optional::stream)
                        .toList());
    }
}
