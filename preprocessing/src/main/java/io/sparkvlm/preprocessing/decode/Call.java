package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.preprocessing.media.MediaKind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * What an executor asks of a child; the child answers with {@link Reply}s, and waits for {@link #goOn} after each picture.
 *
 * @param roomBytes how large the shared room is now
 * @param medium what the pictures belong to
 */
record Call(int roomBytes, MediaKind medium, DecodingRequest<?> request) {
    private static final int GO_ON = 1;

    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(roomBytes);
        out.writeUTF(medium.name());
        out.writeUTF(request.kind().name());
        request.writeTo(out);
        out.flush();
    }

    /** The next call, or none once the executor closed the stream or is dead. */
    static Optional<Call> readFrom(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int roomBytes = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        MediaKind medium = MediaKind.valueOf(in.readUTF());
        DecodingRequest.Kind kind = DecodingRequest.Kind.valueOf(in.readUTF());
        return Optional.of(new Call(roomBytes, medium, kind.readFrom(in)));
    }

    /** Tells the child that the room is free for the next picture. */
    static void goOn(DataOutputStream out) throws IOException {
        out.writeByte(GO_ON);
        out.flush();
    }

    static void awaitGoOn(DataInputStream in) throws IOException {
        in.readUnsignedByte();
    }
}
