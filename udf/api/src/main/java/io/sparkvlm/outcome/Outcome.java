package io.sparkvlm.outcome;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What became of a row: a value, or the reason it has none. A row's failure is a value and never an exception.
 *
 * @param <T> the value
 */
public sealed interface Outcome<T> {
    static <T> Outcome<T> ok(T value) {
        return new Ok<>(value);
    }

    static <T> Outcome<T> rejected(Rejection rejection) {
        return new Rejected<>(rejection);
    }

    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<? super T, ? extends R> onOk, Function<? super Rejection, ? extends R> onRejected);

    /** Gives the value, or the rejection, to whichever of the two fits. */
    default void handle(Consumer<? super T> onOk, Consumer<? super Rejection> onRejected) {
        Runnable handling = fold(value -> () -> onOk.accept(value), rejection -> () -> onRejected.accept(rejection));
        handling.run();
    }

    default <R> Outcome<R> map(Function<? super T, ? extends R> function) {
        return fold(value -> ok(function.apply(value)), Outcome::rejected);
    }

    default <R> Outcome<R> flatMap(Function<? super T, Outcome<R>> function) {
        return fold(function, Outcome::rejected);
    }

    /** A value. */
    record Ok<T>(T value) implements Outcome<T> {
        public Ok {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public <R> R fold(Function<? super T, ? extends R> onOk, Function<? super Rejection, ? extends R> onRejected) {
            return onOk.apply(value);
        }
    }

    /** The reason there is none. */
    record Rejected<T>(Rejection rejection) implements Outcome<T> {
        public Rejected {
            Objects.requireNonNull(rejection, "rejection");
        }

        @Override
        public <R> R fold(Function<? super T, ? extends R> onOk, Function<? super Rejection, ? extends R> onRejected) {
            return onRejected.apply(rejection);
        }
    }
}
