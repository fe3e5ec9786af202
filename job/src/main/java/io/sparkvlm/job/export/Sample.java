package io.sparkvlm.job.export;

import io.sparkvlm.job.metric.Gold;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * A scored answer on its way to a file.
 *
 * @param place of the row among those that are written, from 0 on
 * @param row as {@link ExportedTable} makes it
 */
record Sample(long place, Row row) {
    /** The number by which other tools know the question: that of its data set, else the row's in its input. */
    long number() {
        Object number = row.getAs(ExportedTable.NUMBER);
        return number == null ? place : ((Number) number).longValue();
    }

    Gold gold() {
        return new Gold(texts(ExportedTable.GOLD), texts(ExportedTable.CHOICES));
    }

    Optional<String> answer() {
        return Optional.ofNullable(row.getAs(ExportedTable.ANSWER));
    }

    /** Why there is no answer; empty where there is one. */
    String failure() {
        String failure = row.getAs(ExportedTable.FAILURE);
        return failure == null ? "" : failure;
    }

    Optional<Double> score() {
        return Optional.ofNullable(row.getAs(ExportedTable.SCORE));
    }

    private List<String> texts(String field) {
        int place = row.fieldIndex(field);
        return row.isNullAt(place)
                ? List.of()
                : row.<String>getList(place).stream()
                        .map(text -> text == null ? "" : text)
                        .toList();
    }
}
