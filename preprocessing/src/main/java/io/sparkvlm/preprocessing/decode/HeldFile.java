package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;

/**
 * The file that a child keeps after it has probed it, because the task that decodes it comes next: a video goes through
 * the pipe once. Executor and child each have one, which take the same steps.
 *
 * <p>One thread at a time.
 */
final class HeldFile {
    /** A larger file is sent again: an idle child should not keep much. */
    private static final int MAX_BYTES = 32 << 20;

    private static final int SAME = -1;
    private static final byte[] NONE = {};

    /** Weak in the executor, which is not to keep a file because a child does. */
    private WeakReference<byte[]> sent = new WeakReference<>(NONE);

    private byte[] received = NONE;

    /** Whether the child has this very array. */
    boolean holds(byte[] file) {
        return sent.refersTo(file);
    }

    /** Writes a task's file, if the child does not hold it. */
    void write(DecodeTask<?> task, DataOutputStream out) throws IOException {
        byte[] file = task.file();
        if (holds(file)) {
            out.writeInt(SAME);
        } else {
            out.writeInt(file.length);
            out.write(file);
        }
        sent = new WeakReference<>(isKept(task.kind(), file) ? file : NONE);
    }

    /** Reads what the executor's {@link #write} wrote for a task of this kind. */
    byte[] read(DecodeTask.Kind kind, DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length != SAME) {
            received = NONE; // the heap has no room for two of the largest
            received = new byte[length];
            in.readFully(received);
        }
        byte[] file = received;
        received = isKept(kind, file) ? file : NONE;
        return file;
    }

    private static boolean isKept(DecodeTask.Kind kind, byte[] file) {
        return switch (kind) {
            case PROBE -> file.length <= MAX_BYTES;
            case IMAGE, VIDEO -> false;
        };
    }
}
