package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Outcome;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Keeps what was made of media, up to a number of bytes: what was asked for least lately leaves first. A thread that
 * asks for what another one is making waits for it. A failure is not kept, because its message names the row's field.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
final class MediaCache<K, T> {
    /** One medium takes at most this part of the cache, or a single film would drive out all pictures. */
    private static final int LARGEST_SHARE = 4;

    private static final float LOAD_FACTOR = 0.75f;

    private final long capacityBytes;
    private final ToLongFunction<T> bytesOf;
    private final Map<K, Entry<T>> entries = new LinkedHashMap<>(16, LOAD_FACTOR, true);
    private long bytes;

    /** @param bytesOf what one thing that is kept takes */
    MediaCache(long capacityBytes, ToLongFunction<T> bytesOf) {
        this.capacityBytes = capacityBytes;
        this.bytesOf = bytesOf;
    }

    /** What is being made of a medium, or was made. */
    private static final class Entry<T> {
        private final CompletableFuture<Optional<T>> made = new CompletableFuture<>();
        private long bytes;
    }

    /**
     * What was made before, or is made now; kept unless it is too large a part of the cache.
     *
     * @param itsBytes as {@code bytesOf} will count them
     */
    Outcome<T> get(K key, long itsBytes, Supplier<Outcome<T>> make) {
        if (itsBytes > capacityBytes / LARGEST_SHARE) {
            return make.get();
        }
        Entry<T> mine = new Entry<>();
        Entry<T> first = firstOf(key, mine);
        if (first != mine) {
            return first.made.join().map(Outcome::ok).orElseGet(make);
        }
        try {
            Outcome<T> made = make.get();
            made.handle(value -> keep(key, mine, value), rejection -> {});
            return made;
        } finally {
            if (mine.made.complete(Optional.empty())) {
                forget(key, mine);
            }
        }
    }

    private synchronized Entry<T> firstOf(K key, Entry<T> mine) {
        Entry<T> present = entries.get(key); // which makes it the latest that was asked for
        if (present != null) {
            return present;
        }
        entries.put(key, mine);
        return mine;
    }

    private synchronized void keep(K key, Entry<T> mine, T value) {
        mine.bytes = bytesOf.applyAsLong(value);
        mine.made.complete(Optional.of(value));
        bytes += mine.bytes;
        Iterator<Map.Entry<K, Entry<T>>> eldest = entries.entrySet().iterator();
        while (bytes > capacityBytes && eldest.hasNext()) {
            Map.Entry<K, Entry<T>> entry = eldest.next();
            if (!entry.getKey().equals(key) && entry.getValue().made.isDone()) {
                bytes -= entry.getValue().bytes;
                eldest.remove();
            }
        }
    }

    private synchronized void forget(K key, Entry<T> mine) {
        entries.remove(key, mine); // it may have left by itself, and another be there
    }
}
