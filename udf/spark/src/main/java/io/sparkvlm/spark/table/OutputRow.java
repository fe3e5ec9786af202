package io.sparkvlm.spark.table;

import io.sparkvlm.api.Generation;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.immutable.Seq;

/**
 * Holds what the output says of a row whatever becomes of it, and makes a row of {@link Columns#OUTPUT} of it when
 * its answer or rejection is known. Keeps none of the media's bytes, so that a row in the engine does not hold them.
 */
public final class OutputRow {
    private final String rowId;
    private final Object[] identity;
    private final Seq<Row> media;
    private final Object[] description;
    private final Duration fetch;
    private final Optional<Duration> decodedBefore;
    private final String executor;
    private final Object[] carried;

    /**
     * A row that has no result yet.
     *
     * @param attempts of the task, this one included
     * @param executor Spark's id of this one
     * @param carried the values of the columns that are carried through
     */
    public OutputRow(PreparedRow row, int attempts, String executor, Object[] carried) {
        this.rowId = row.rowId();
        this.identity = new Object[] {row.rowId(), row.customId().orElse(row.rowId())};
        this.description = new Object[] {
            row.outcome().fold(PreparedRequest::params, rejection -> null), SparkArray.of(row.warnings()), attempts
        };
        this.media =
                SparkArray.of(row.outcome().fold(PreparedRequest::media, rejection -> List.<PreparedMedia>of()).stream()
                        .map(MediaFields::of)
                        .toList());
        this.fetch = row.fetchTime();
        this.decodedBefore = row.decoded().map(PreparedRow.Decoded::time);
        this.executor = executor;
        this.carried = carried;
    }

    /** What the row holds while it waits for its answer. */
    public long bytes() {
        return Arrays.stream(carried)
                .mapToLong(value -> value instanceof byte[] bytes ? bytes.length : 0)
                .sum();
    }

    public String rowId() {
        return rowId;
    }

    /**
     * The row with its answer.
     *
     * @param decode how long decoding the media took here
     * @param total how long the row took here, from its decoding to its last token
     */
    public Row answered(Completion completion, Duration decode, Generation.Timing timing, Duration total) {
        Duration before = decodedBefore.orElse(Duration.ZERO);
        return answered(
                completion,
                timing(
                        Milliseconds.of(decode.plus(before)),
                        Milliseconds.of(timing.queued()),
                        Milliseconds.of(timing.firstToken()),
                        fetch.plus(before).plus(total)));
    }

    /**
     * The row with the answer of a server, which does not say when it began.
     *
     * @param total from the request to the whole answer
     */
    public Row answered(Completion completion, Duration total) {
        return answered(completion, timing(null, null, null, fetch.plus(total)));
    }

    private Row answered(Completion completion, Row timing) {
        Completion.Usage usage = completion.usage();
        Row counts = RowFactory.create(
                (long) usage.prompt(), (long) usage.completion(), (long) usage.total(), (long) usage.cached(), (long)
                        usage.vision());
        Object[] result = {"ok", 200, completion.text(), completion.finishReason(), completion.response(), counts, null
        };
        return row(result, timing);
    }

    /**
     * The row with the error in its place.
     *
     * @param decodeHere how long decoding took here, if the row came that far
     */
    public Row rejected(Rejection rejection, Optional<Duration> decodeHere) {
        Optional<Duration> decode = decodeHere
                .map(here -> here.plus(decodedBefore.orElse(Duration.ZERO)))
                .or(() -> decodedBefore);
        Object[] result = {"error", rejection.code().status(), null, null, null, null, ErrorFields.of(rejection)};
        return row(
                result,
                timing(
                        decode.map(Milliseconds::of).orElse(null),
                        null,
                        null,
                        fetch.plus(decode.orElse(Duration.ZERO))));
    }

    private Row timing(Double decodeMs, Double queueMs, Double firstTokenMs, Duration total) {
        return RowFactory.create(
                Milliseconds.of(fetch),
                decodeMs,
                queueMs,
                firstTokenMs,
                Milliseconds.of(total),
                System.currentTimeMillis(),
                executor);
    }

    private Row row(Object[] result, Row timing) {
        return RowFactory.create(
                CarriedColumns.concat(identity, result, new Object[] {media, timing}, description, carried));
    }
}
