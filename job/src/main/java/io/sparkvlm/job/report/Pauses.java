package io.sparkvlm.job.report;

import io.sparkvlm.job.output.StartLog.Start;
import io.sparkvlm.job.report.Throughput.Ended;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** Finds the times between the starts of a job, in which it did not run. */
final class Pauses {
    private Pauses() {}

    /**
     * How long a job did not run while its rows ended. A pause begins with the end of a start, and, where that was killed and
     * could not record its end, with its last row.
     *
     * @param starts first to last
     */
    static Duration among(Throughput answers, List<Start> starts) {
        Duration all = Duration.ZERO;
        for (int i = 1; i < starts.size(); i++) {
            Optional<Instant> until = instant(starts.get(i).started());
            if (until.isEmpty() || until.get().isAfter(answers.end())) {
                continue;
            }
            Instant from = instant(starts.get(i - 1).ended()).orElseGet(() -> lastBefore(until.get(), answers));
            Duration pause = Duration.between(from.isBefore(answers.start()) ? answers.start() : from, until.get());
            all = pause.isNegative() ? all : all.plus(pause);
        }
        return all;
    }

    /** The end of the last time before this one in which rows ended. */
    private static Instant lastBefore(Instant moment, Throughput answers) {
        Instant last = answers.start();
        for (int time = 0; time < answers.times().size() && answers.at(time).isBefore(moment); time++) {
            if (!answers.times().get(time).equals(Ended.NONE)) {
                last = answers.at(time + 1);
            }
        }
        return last;
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // none, or not of this version
        }
    }
}
