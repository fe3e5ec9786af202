package io.sparkvlm.preprocessing.prepared;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a row before its prompt is put together; plain data once its media are resized.
 *
 * @param customId of the Batch line, else of the table; empty when neither says one
 * @param warnings what was accepted without having an effect, and what was cut
 * @param outcome the request, or why it has no answer
 * @param fetchTime spent getting its media
 * @param decoded what became of its media, once they are decoded
 */
public record PreparedRow(
        String rowId,
        Optional<String> customId,
        List<String> warnings,
        Outcome<PreparedRequest> outcome,
        Duration fetchTime,
        Optional<Decoded> decoded) {
    public PreparedRow {
        Objects.requireNonNull(rowId, "rowId");
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(fetchTime, "fetchTime");
        Objects.requireNonNull(decoded, "decoded");
        warnings = List.copyOf(warnings);
    }

    /** A row of which nothing is decoded yet. */
    public PreparedRow(
            String rowId,
            Optional<String> customId,
            List<String> warnings,
            Outcome<PreparedRequest> outcome,
            Duration fetchTime) {
        this(rowId, customId, warnings, outcome, fetchTime, Optional.empty());
    }

    /**
     * The result of decoding a row's media.
     *
     * @param time spent on decoding and resizing them
     * @param rejection why they could not be decoded; what they were said to be stays in the row
     */
    public record Decoded(Duration time, Optional<Rejection> rejection) {
        public Decoded {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(rejection, "rejection");
        }
    }

    /** The request, or why it has no answer: because of its media too, as far as they are decoded. */
    public Outcome<PreparedRequest> answerable() {
        return decoded.flatMap(Decoded::rejection)
                .map(Outcome::<PreparedRequest>rejected)
                .orElse(outcome);
    }

    /** The row after its media were decoded. */
    public PreparedRow with(Outcome<PreparedRequest> other, Decoded media) {
        return new PreparedRow(rowId, customId, warnings, other, fetchTime, Optional.of(media));
    }
}
