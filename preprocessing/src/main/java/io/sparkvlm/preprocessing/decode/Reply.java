package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * What a child says. The executor trusts none of it: each reply begins with a number that chance does not write, and
 * nothing is allocated by what it says.
 *
 * @param <R> the task's result
 */
sealed interface Reply<R> {
    int MAGIC = 0x53564C4D;

    /** A picture lies in the buffer. */
    record Picture<R>(int width, int height) implements Reply<R> {}

    /** All pictures were handed out, or the medium cannot be decoded. */
    record End<R>(Outcome<R> outcome) implements Reply<R> {}

    /** Its name stands behind the magic number. */
    enum Type {
        READY,
        PICTURE,
        DONE,
        REJECTED
    }

    /** Once, when the decoders are loaded. */
    static void writeReady(DataOutputStream out) throws IOException {
        begin(out, Type.READY);
        out.flush();
    }

    static void readReady(DataInputStream in) throws IOException {
        Type type = readType(in);
        if (type != Type.READY) {
            throw new IOException("expected READY, found " + type);
        }
    }

    static void writePicture(DataOutputStream out, int width, int height) throws IOException {
        begin(out, Type.PICTURE);
        out.writeInt(width);
        out.writeInt(height);
        out.flush();
    }

    static <R> void writeEnd(DataOutputStream out, DecodeTask<R> task, Outcome<R> outcome) throws IOException {
        Optional<R> result = outcome.fold(Optional::of, rejection -> Optional.empty());
        Optional<Rejection> rejection = outcome.fold(value -> Optional.empty(), Optional::of);
        if (result.isPresent()) {
            begin(out, Type.DONE);
            task.writeResult(result.get(), out);
        }
        if (rejection.isPresent()) {
            begin(out, Type.REJECTED);
            out.writeUTF(rejection.get().code().name());
            out.writeUTF(rejection.get().message());
        }
        out.flush();
    }

    private static void begin(DataOutputStream out, Type type) throws IOException {
        out.writeInt(MAGIC);
        out.writeUTF(type.name());
    }

    /** The next reply to a task. A rejection gets the path of the field that the executor knows. */
    static <R> Reply<R> readFrom(DataInputStream in, DecodeTask<R> task, String param) throws IOException {
        return switch (readType(in)) {
            case READY -> throw new IOException("expected a picture or an end, found READY");
            case PICTURE -> new Picture<>(in.readInt(), in.readInt());
            case DONE -> new End<>(Outcome.ok(task.readResult(in)));
            case REJECTED -> new End<>(Outcome.rejected(Rejection.at(param, code(in.readUTF()), in.readUTF())));
        };
    }

    private static Type readType(DataInputStream in) throws IOException {
        int magic = in.readInt();
        if (magic != MAGIC) {
            throw new IOException("expected a reply, found " + Integer.toHexString(magic));
        }
        String name = in.readUTF();
        try {
            return Type.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("expected a type of reply, found " + name.length() + " characters", e);
        }
    }

    private static ErrorCode code(String name) throws IOException {
        try {
            return ErrorCode.parse(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("expected an error code, found " + name.length() + " characters", e);
        }
    }
}
