package io.sparkvlm.job.dryrun;

import java.time.Duration;

/**
 * Says how long a few rows took together, once engines were open.
 *
 * @param answerTokens of all of them
 */
public record Calibration(long rows, long answerTokens, Duration time) {
    /** How long so many rows would take at that rate. */
    Duration of(long others) {
        return Duration.ofMillis(Math.round((double) time.toMillis() * others / rows));
    }

    /** How many tokens the answers of so many rows would have. */
    long answerTokensOf(long others) {
        return Math.round((double) answerTokens * others / rows);
    }
}
