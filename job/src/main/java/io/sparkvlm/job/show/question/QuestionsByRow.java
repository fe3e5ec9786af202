package io.sparkvlm.job.show.question;

import static org.apache.spark.sql.functions.col;

import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.openai.BatchEnvelope;
import io.sparkvlm.preprocessing.openai.RequestLine;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.RequestTable;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Holds what rows asked, as it was read from the requests by the rows' ids. */
public record QuestionsByRow(Map<String, RowQuestion> byRowId, RowQuestion.Unknown otherwise) {
    private static final RowQuestion.Unknown GONE = new RowQuestion.Unknown("the input has no such row any more");

    /**
     * Looks rows up in the requests; media are drawn by the tasks that read them.
     *
     * @param customIdOfRow the custom_ids that the rows were answered under, by row id
     */
    public static QuestionsByRow read(
            Dataset<Row> requests, Map<String, String> customIdOfRow, Illustrator illustrator) {
        HashMap<String, String> customIds = new HashMap<>(customIdOfRow);
        RequestTable table = RequestTable.of(requests.schema());
        Map<String, RowQuestion> asked = new HashMap<>();
        requests.where(col(Columns.ROW_ID).isInCollection(customIds.keySet()))
                .javaRDD()
                .map(new Reading(table, customIds, illustrator))
                .collect()
                .forEach(found -> asked.put(found.rowId(), found.asked()));
        return new QuestionsByRow(asked, GONE);
    }

    /** None, because the input has none of the rows any more. */
    public static QuestionsByRow gone() {
        return new QuestionsByRow(Map.of(), GONE);
    }

    /** None, for the one reason that holds for all rows. */
    public static QuestionsByRow unknown(String why) {
        return new QuestionsByRow(Map.of(), new RowQuestion.Unknown(why));
    }

    public RowQuestion of(String rowId) {
        return byRowId.getOrDefault(rowId, otherwise);
    }

    private record Found(String rowId, RowQuestion asked) implements Serializable {}

    private record Reading(RequestTable table, HashMap<String, String> customIds, Illustrator illustrator)
            implements Function<Row, Found> {
        @Override
        public Found call(Row row) {
            String rowId = row.getAs(Columns.ROW_ID);
            return new Found(
                    rowId,
                    table.read(row)
                            .fold(
                                    request -> isOf(customIds.get(rowId), request)
                                            ? new QuestionReader(illustrator).read(request)
                                            : new RowQuestion.Unknown("the input has another request there now"),
                                    rejection -> new RowQuestion.Unknown(rejection.message())));
        }

        /** Whether the input still has the request that was answered, as far as its custom_id can tell. */
        private static boolean isOf(String customId, RequestRow request) {
            Optional<String> ofLine = RequestLine.read(request.json())
                    .fold(line -> line.envelope().flatMap(BatchEnvelope::customId), rejection -> Optional.empty());
            String now = ofLine.or(request::customId).orElse(request.rowId());
            return Objects.equals(now, customId) || Objects.equals(request.rowId(), customId);
        }
    }
}
