package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.preprocessing.fetch.Download;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What a server said when it was asked once for a file. */
sealed interface Answer {
    <R> R fold(Function<Ended, R> onEnded, Function<Moved, R> onMoved, Function<Unready, R> onUnready);

    /** The file, or a failure that another try would meet again. */
    record Ended(Download download) implements Answer {
        @Override
        public <R> R fold(Function<Ended, R> onEnded, Function<Moved, R> onMoved, Function<Unready, R> onUnready) {
            return onEnded.apply(this);
        }
    }

    /** The file is elsewhere. */
    record Moved(String location) implements Answer {
        @Override
        public <R> R fold(Function<Ended, R> onEnded, Function<Moved, R> onMoved, Function<Unready, R> onUnready) {
            return onMoved.apply(this);
        }
    }

    /**
     * A failure that may have passed by the next try.
     *
     * @param pause what the server asked for
     */
    record Unready(Download failure, Optional<Duration> pause) implements Answer {
        @Override
        public <R> R fold(Function<Ended, R> onEnded, Function<Moved, R> onMoved, Function<Unready, R> onUnready) {
            return onUnready.apply(this);
        }
    }
}
