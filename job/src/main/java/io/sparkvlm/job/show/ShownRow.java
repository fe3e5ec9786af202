package io.sparkvlm.job.show;

import io.sparkvlm.job.text.VisibleText;
import io.sparkvlm.spark.table.Columns;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/** Holds what the output says of one row. */
public record ShownRow(
        String rowId,
        String customId,
        RowResult result,
        List<SeenMedium> media,
        OptionalDouble totalMs,
        OptionalDouble firstTokenMs,
        List<String> warnings) {
    /** How long the answer is of which a row may hold the beginning only. */
    static final String TEXT_CHARACTERS = "text_characters";

    static ShownRow of(Row row) {
        Row timing = row.getStruct(row.fieldIndex("timing"));
        return new ShownRow(
                row.getAs(Columns.ROW_ID),
                row.getAs(Columns.CUSTOM_ID),
                result(row),
                list(row, "media").stream()
                        .map(medium -> SeenMedium.of((Row) medium))
                        .toList(),
                milliseconds(timing, "total_ms"),
                milliseconds(timing, "ttft_ms"),
                list(row, "warnings").stream().map(String.class::cast).toList());
    }

    private static RowResult result(Row row) {
        Row error = row.getStruct(row.fieldIndex(Columns.ERROR));
        if (!Objects.isNull(error)) {
            return new RowResult.Failure(
                    row.<Integer>getAs("status_code"),
                    error.getAs("code"),
                    error.getAs("message"),
                    Optional.ofNullable(error.getAs("param")));
        }
        Row usage = row.getStruct(row.fieldIndex(Columns.USAGE));
        return new RowResult.Answer(
                VisibleText.cutTo(row.getAs("text"), row.<Integer>getAs(TEXT_CHARACTERS)),
                row.getAs("finish_reason"),
                usage.getAs("prompt_tokens"),
                usage.getAs("vision_tokens"),
                usage.getAs("completion_tokens"));
    }

    private static OptionalDouble milliseconds(Row timing, String field) {
        return Objects.isNull(timing) || timing.isNullAt(timing.fieldIndex(field))
                ? OptionalDouble.empty()
                : OptionalDouble.of(timing.getAs(field));
    }

    private static List<?> list(Row row, String column) {
        int index = row.fieldIndex(column);
        return row.isNullAt(index) ? List.of() : row.getList(index);
    }
}
