package io.sparkvlm.preprocessing.fetch;

import java.util.Objects;
import java.util.function.Function;

/** Holds what a request named in its row: a file, where a file is, or why it is neither. */
public sealed interface ColumnValue {
    /** Applies whichever of the three functions fits. */
    <R> R fold(Function<Bytes, R> onBytes, Function<Location, R> onLocation, Function<Unusable, R> onUnusable);

    /**
     * A whole file.
     *
     * @param bytes not copied, and not to be changed
     */
    record Bytes(byte[] bytes) implements ColumnValue {
        public Bytes {
            Objects.requireNonNull(bytes, "bytes");
        }

        @Override
        public <R> R fold(
                Function<Bytes, R> onBytes, Function<Location, R> onLocation, Function<Unusable, R> onUnusable) {
            return onBytes.apply(this);
        }
    }

    /**
     * Where a file is.
     *
     * @param url whatever a request may say itself, under the same rules
     */
    record Location(String url) implements ColumnValue {
        public Location {
            Objects.requireNonNull(url, "url");
        }

        @Override
        public <R> R fold(
                Function<Bytes, R> onBytes, Function<Location, R> onLocation, Function<Unusable, R> onUnusable) {
            return onLocation.apply(this);
        }
    }

    /**
     * No file.
     *
     * @param reason what was expected and found
     */
    record Unusable(String reason) implements ColumnValue {
        public Unusable {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <R> R fold(
                Function<Bytes, R> onBytes, Function<Location, R> onLocation, Function<Unusable, R> onUnusable) {
            return onUnusable.apply(this);
        }
    }
}
