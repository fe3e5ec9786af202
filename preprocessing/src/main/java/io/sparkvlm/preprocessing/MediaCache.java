package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Outcome;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Has this medium been decoded and resized before? What was asked for least lately leaves when the bytes are too many;
 * whoever asks for what another thread is making waits for it. A failure is not kept: its message names the row's field.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
final class MediaCache {
    /** One medium takes at most this part of the cache, or a single film would drive out all pictures. */
    private static final int LARGEST_SHARE = 4;

    private static final float LOAD_FACTOR = 0.75f;

    private final long capacityBytes;
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, LOAD_FACTOR, true);
    private long bytes;

    MediaCache(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /**
     * What was made of what?
     *
     * @param sha256 of the file, or of the frames' hashes
     * @param from the form of the file
     * @param frames of a video
     * @param to the form of what was made
     */
    record Key(String sha256, MediaForm from, int width, int height, List<Integer> frames, MediaForm to) {
        static Key of(PreparedMedia media, MediaForm to) {
            return new Key(
                    media.sha256(), media.form(), media.resizedWidth(), media.resizedHeight(), media.frames(), to);
        }
    }

    /** A medium that is being made, or that is there. */
    private static final class Entry {
        private final CompletableFuture<Optional<List<byte[]>>> frames = new CompletableFuture<>();
        private long bytes;
    }

    /** Whether a medium of this size is worth keeping. */
    boolean takes(long mediumBytes) {
        return mediumBytes <= capacityBytes / LARGEST_SHARE;
    }

    Outcome<List<byte[]>> get(Key key, Supplier<Outcome<List<byte[]>>> make) {
        Entry mine = new Entry();
        Entry first = firstOf(key, mine);
        if (first != mine) {
            return first.frames.join().map(Outcome::ok).orElseGet(make);
        }
        try {
            Outcome<List<byte[]>> made = make.get();
            made.handle(frames -> keep(key, mine, frames), rejection -> {});
            return made;
        } finally {
            if (mine.frames.complete(Optional.empty())) {
                forget(key);
            }
        }
    }

    private synchronized Entry firstOf(Key key, Entry mine) {
        Entry present = entries.get(key); // which makes it the latest that was asked for
        if (present != null) {
            return present;
        }
        entries.put(key, mine);
        return mine;
    }

    private synchronized void keep(Key key, Entry mine, List<byte[]> frames) {
        mine.bytes = frames.stream().mapToLong(frame -> frame.length).sum();
        mine.frames.complete(Optional.of(frames));
        bytes += mine.bytes;
        Iterator<Map.Entry<Key, Entry>> eldest = entries.entrySet().iterator();
        while (bytes > capacityBytes && eldest.hasNext()) {
            Map.Entry<Key, Entry> entry = eldest.next();
            if (!entry.getKey().equals(key) && entry.getValue().frames.isDone()) {
                bytes -= entry.getValue().bytes;
                eldest.remove();
            }
        }
    }

    private synchronized void forget(Key key) {
        entries.remove(key);
    }
}
