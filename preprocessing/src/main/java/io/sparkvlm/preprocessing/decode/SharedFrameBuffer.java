package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that an executor and one child both see, in which the child's pictures lie: pixels cross no pipe and are not
 * copied. It is a file that has no name once both have opened it, so that nothing is left of it when both are gone,
 * however they ended.
 *
 * <p>One thread at a time.
 */
final class SharedFrameBuffer implements AutoCloseable {
    /** As much stays between pictures: 16 megapixels. */
    private static final int KEPT_BYTES = 48 << 20;

    private static final int ROUNDED_BYTES = 1 << 20;
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(ROUNDED_BYTES).asReadOnlyBuffer();

    private final Path file;
    private final FileChannel channel;
    private ByteBuffer memory = ByteBuffer.allocateDirect(0);
    private int bytes;

    private SharedFrameBuffer(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static SharedFrameBuffer in(Path folder) throws IOException {
        Path file = Files.createTempFile(
                folder, "sparkvlm-room-" + ProcessHandle.current().pid() + "-", "");
        return new SharedFrameBuffer(file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    Path file() {
        return file;
    }

    /** Takes the file's name away, once the child has opened it. */
    void forgetName() throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * Makes it as large as this, or larger.
     *
     * @throws IOException when there is no space; written, not only mapped, or the lack of it would be a crash
     */
    void fit(int needed) throws IOException {
        if (needed <= bytes) {
            return;
        }
        int larger = (int) Math.min(Integer.MAX_VALUE - 8L, roundedUp(needed));
        long at = bytes;
        while (at < larger) {
            ByteBuffer zeros = ZEROS.duplicate().limit((int) Math.min(ZEROS.capacity(), larger - at));
            at += channel.write(zeros, at);
        }
        memory = channel.map(MapMode.READ_WRITE, 0, larger);
        bytes = larger;
    }

    private static long roundedUp(int needed) {
        return (needed + (long) ROUNDED_BYTES - 1) / ROUNDED_BYTES * ROUNDED_BYTES;
    }

    int bytes() {
        return bytes;
    }

    /**
     * The picture that the child says is there.
     *
     * @throws IOException when it cannot be
     */
    RgbImage picture(int width, int height) throws IOException {
        if (width < 1 || height < 1 || 3L * width * height > bytes) {
            throw new IOException("expected a picture within " + bytes + " bytes, found " + width + " x " + height);
        }
        return new RgbImage(width, height, memory.slice(0, 3 * width * height));
    }

    /** Gives back what an unusually large picture took. */
    void trim() throws IOException {
        if (bytes > KEPT_BYTES) {
            empty();
        }
    }

    private void empty() throws IOException {
        memory = ByteBuffer.allocateDirect(0); // the mapping of a file that is cut may not be touched
        bytes = 0;
        channel.truncate(0);
    }

    @Override
    public void close() throws IOException {
        // A mapping lasts until the collector comes; its memory goes now.
        try (channel) {
            empty();
            forgetName();
        }
    }
}
