package io.sparkvlm.job.dryrun;

import java.time.Duration;

/**
 * Says how long a few rows took together, once engines were open, and how long that took.
 *
 * @param answerTokens of all of them
 * @param start until engines were open and had answered their first rows, less what these would take later
 */
public record Calibration(long rows, long answerTokens, Duration time, Duration start) {
    /** How long so many rows would take at that rate, once engines are open. */
    Duration of(long others) {
        return Duration.ofMillis(Math.round((double) time.toMillis() * others / rows));
    }

    /** How long a job of so many rows would take. */
    Duration ofJob(long others) {
        return start.plus(of(others));
    }

    /** How many tokens the answers of so many rows would have. */
    long answerTokensOf(long others) {
        return Math.round((double) answerTokens * others / rows);
    }

    /**
     * With the start that these first rows were answered in.
     *
     * @param untilAnswered from the beginning of the job until the last of them was answered
     */
    public Calibration withStart(Duration untilAnswered, long first) {
        Duration waited = untilAnswered.minus(of(first));
        return new Calibration(rows, answerTokens, time, waited.isNegative() ? Duration.ZERO : waited);
    }
}
