package io.sparkvlm.preprocessing.fetch;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps local files that were just read, as long as they are unchanged. A file that several rows name, one soon after
 * the other, is read once; a thread that asks for one that is being read waits for it.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
final class LocalFileCache {
    /** Beside it the heap holds what comes from other machines, and resized pictures. */
    private static final long BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 32);

    private static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private final AsyncCache<Version, byte[]> recent = Caffeine.newBuilder()
            .maximumWeight(BYTES)
            .weigher((Version version, byte[] bytes) -> bytes.length)
            .expireAfterWrite(KEPT_FOR)
            .executor(Runnable::run)
            .buildAsync();

    /**
     * A file as it was when it was last written.
     *
     * @param inode with its device
     */
    private record Version(Object inode, FileTime modified, long bytes) {}

    /** Reads a file's bytes. */
    interface Reading {
        byte[] read() throws IOException;
    }

    /**
     * Reads a file, if need be.
     *
     * @param attributes of now
     * @return not copied, and not to be changed
     */
    byte[] read(BasicFileAttributes attributes, Reading reading) throws IOException {
        Version version = new Version(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        Optional<CompletableFuture<byte[]>> others =
                Optional.ofNullable(recent.asMap().putIfAbsent(version, mine));
        if (others.isPresent()) {
            Optional<byte[]> read = others.get()
                    .handle((bytes, failure) -> Optional.ofNullable(bytes))
                    .join();
            return read.isPresent() ? read.get() : reading.read();
        }
        try {
            byte[] bytes = reading.read();
            if (bytes.length == version.bytes()) {
                mine.complete(bytes);
            }
            return bytes;
        } finally {
            mine.completeExceptionally(new IOException("the file could not be read, or changed meanwhile"));
        }
    }
}
