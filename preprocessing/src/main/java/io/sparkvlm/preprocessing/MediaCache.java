package io.sparkvlm.preprocessing;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sparkvlm.outcome.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Keeps what was made of media, up to a number of bytes: what is seldom asked for leaves first. A thread that asks for
 * what another one is making waits for it. A failure is not kept, because its message names the row's field.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
final class MediaCache<K, T> {
    /** One medium takes at most this part of the cache, or a single film would drive out all pictures. */
    private static final int LARGEST_SHARE = 4;

    private final long largestBytes;
    private final AsyncCache<K, T> made;

    /** @param bytesOf what one thing that is kept takes */
    MediaCache(long capacityBytes, ToLongFunction<T> bytesOf) {
        // A weight is an int.
        this.largestBytes = Math.min(Integer.MAX_VALUE, capacityBytes / LARGEST_SHARE);
        this.made = Caffeine.newBuilder()
                .maximumWeight(capacityBytes)
                .weigher((K key, T value) -> (int) Math.min(Integer.MAX_VALUE, bytesOf.applyAsLong(value)))
                .executor(Runnable::run)
                .buildAsync();
    }

    /**
     * What was made before, or is made now; kept unless it is too large a part of the cache.
     *
     * @param itsBytes as {@code bytesOf} will count them
     */
    Outcome<T> get(K key, long itsBytes, Supplier<Outcome<T>> make) {
        if (itsBytes > largestBytes) {
            return make.get();
        }
        CompletableFuture<T> mine = new CompletableFuture<>();
        Optional<CompletableFuture<T>> first = Optional.ofNullable(made.asMap().putIfAbsent(key, mine));
        if (first.isPresent()) {
            return Optional.ofNullable(first.get().join()).map(Outcome::ok).orElseGet(make);
        }
        try {
            Outcome<T> outcome = make.get();
            outcome.handle(mine::complete, rejection -> {});
            return outcome;
        } finally {
            mine.complete(null); // if not done: the cache keeps nothing, and threads that wait make their own
        }
    }
}
