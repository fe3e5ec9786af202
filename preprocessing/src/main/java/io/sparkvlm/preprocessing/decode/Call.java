package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.media.MediaKind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * What an executor asks of a child. The child answers with {@link Reply}s, and waits for {@link #writeContinue} after
 * each picture but the last, behind which nothing takes its place in the buffer.
 *
 * @param bufferBytes how large the shared buffer is now
 * @param medium what the pictures belong to
 */
record Call(int bufferBytes, MediaKind medium, DecodeTask<?> task) {
    private static final int CONTINUE = 1;

    /** @param held what the child may have of the task's file */
    void writeTo(DataOutputStream out, HeldFile held) throws IOException {
        out.writeInt(bufferBytes);
        out.writeUTF(medium.name());
        out.writeUTF(task.kind().name());
        held.write(task, out);
        task.writeTo(out);
        out.flush();
    }

    /** The next call, or none once the executor closed the stream or is dead. */
    static Optional<Call> readFrom(DataInputStream in, HeldFile held) throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int bufferBytes = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        MediaKind medium = MediaKind.valueOf(in.readUTF());
        DecodeTask.Kind kind = DecodeTask.Kind.valueOf(in.readUTF());
        return Optional.of(new Call(bufferBytes, medium, kind.readFrom(in, held.read(kind, in))));
    }

    /** Tells the child that the buffer is free for the next picture. */
    static void writeContinue(DataOutputStream out) throws IOException {
        out.writeByte(CONTINUE);
        out.flush();
    }

    static void awaitContinue(DataInputStream in) throws IOException {
        in.readUnsignedByte();
    }
}
