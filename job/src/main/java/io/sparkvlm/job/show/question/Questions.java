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

/** What did these rows ask? Read from the requests by the rows' ids. */
public record Questions(Map<String, Asked> byRowId, Asked.Unknown otherwise) {
    private static final Asked.Unknown GONE = new Asked.Unknown("the input has no such row any more");

    /**
     * Looks rows up in the requests; media are drawn by the tasks that read them.
     *
     * @param customIdOfRow the custom_ids that the rows were answered under, by row id
     */
    public static Questions read(Dataset<Row> requests, Map<String, String> customIdOfRow, Illustrator illustrator) {
        HashMap<String, String> customIds = new HashMap<>(customIdOfRow);
        RequestTable table = RequestTable.of(requests.schema());
        Map<String, Asked> asked = new HashMap<>();
        requests.where(col(Columns.ROW_ID).isInCollection(customIds.keySet()))
                .javaRDD()
                .map(new Reading(table, customIds, illustrator))
                .collect()
                .forEach(found -> asked.put(found.rowId(), found.asked()));
        return new Questions(asked, GONE);
    }

    /** None, because the input has none of the rows any more. */
    public static Questions gone() {
        return new Questions(Map.of(), GONE);
    }

    /** None, for the one reason that holds for all rows. */
    public static Questions unknown(String why) {
        return new Questions(Map.of(), new Asked.Unknown(why));
    }

    public Asked of(String rowId) {
        return byRowId.getOrDefault(rowId, otherwise);
    }

    private record Found(String rowId, Asked asked) implements Serializable {}

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
                                            : new Asked.Unknown("the input has another request there now"),
                                    rejection -> new Asked.Unknown(rejection.message())));
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
