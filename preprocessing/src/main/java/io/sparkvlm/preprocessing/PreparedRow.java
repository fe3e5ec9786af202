package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a row before anything is decoded? Plain data throughout, so that it crosses an exchange.
 *
 * @param customId of the Batch line, else of the table; empty when neither says one
 * @param warnings what was accepted without having an effect, and what was cut
 * @param outcome the request, or why it has no answer
 * @param fetchTime spent getting its media
 */
public record PreparedRow(
        String rowId,
        Optional<String> customId,
        List<String> warnings,
        Outcome<PreparedRequest> outcome,
        Duration fetchTime) {
    public PreparedRow {
        Objects.requireNonNull(rowId, "rowId");
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(fetchTime, "fetchTime");
        warnings = List.copyOf(warnings);
    }
}
