package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;

import io.sparkvlm.preprocessing.media.Deadline;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Gives FFmpeg the bytes of one file to read, and nothing after its deadline. Used by one thread.
 *
 * <p>The two functions that FFmpeg calls are static, because JavaCPP makes ten of a kind in a process at most; they find
 * their file by the address of the context that they are called for.
 */
final class MemoryInput implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    /** stdio.h, SEEK_CUR and SEEK_END. */
    private static final int SEEK_FROM_HERE = 1;

    private static final int SEEK_FROM_END = 2;

    private static final Map<Long, MemoryInput> OPEN = new ConcurrentHashMap<>();
    /** Retained, because the first file's PointerScope would free what is made within it. */
    private static final Reader READER = new Reader().retainReference();

    private static final Seeker SEEKER = new Seeker().retainReference();

    private final byte[] bytes;
    private final Deadline deadline;
    private final long key;
    private final AVIOContext context;
    private int position;

    /** @param owner whose address tells this file from others; it must outlive this */
    MemoryInput(byte[] bytes, Deadline deadline, AVFormatContext owner) {
        this.bytes = bytes;
        this.deadline = deadline;
        this.key = owner.address();
        BytePointer buffer = new BytePointer(avutil.av_malloc(BUFFER_BYTES));
        this.context = avformat.avio_alloc_context(buffer, BUFFER_BYTES, 0, owner, READER, null, SEEKER);
        if (context == null) {
            avutil.av_free(buffer);
            throw new IllegalStateException("no native memory for reading a file");
        }
        OPEN.put(key, this);
    }

    AVIOContext context() {
        return context;
    }

    @Override
    public void close() {
        OPEN.remove(key);
        avutil.av_free(context.buffer()); // FFmpeg may have put another in the place of ours
        avformat.avio_context_free(context);
    }

    private int read(BytePointer target, int wanted) {
        if (deadline.isPast()) {
            return AVERROR_EXIT;
        }
        int count = Math.min(wanted, bytes.length - position);
        if (count <= 0) {
            return AVERROR_EOF;
        }
        target.put(bytes, position, count);
        position += count;
        return count;
    }

    private long seek(long offset, int whence) {
        if ((whence & avformat.AVSEEK_SIZE) != 0) {
            return bytes.length;
        }
        long target = offset
                + switch (whence & ~avformat.AVSEEK_FORCE) {
                    case SEEK_FROM_HERE -> position;
                    case SEEK_FROM_END -> bytes.length;
                    default -> 0;
                };
        if (target < 0 || target > bytes.length) {
            return AVERROR_EOF;
        }
        position = (int) target;
        return target;
    }

    private static final class Reader extends Read_packet_Pointer_BytePointer_int {
        @Override
        public int call(Pointer owner, BytePointer target, int wanted) {
            return OPEN.get(owner.address()).read(target, wanted);
        }
    }

    private static final class Seeker extends Seek_Pointer_long_int {
        @Override
        public long call(Pointer owner, long offset, int whence) {
            return OPEN.get(owner.address()).seek(offset, whence);
        }
    }
}
