package io.sparkvlm.preprocessing.decode.task;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One medium to be decoded: made of checked bytes here, sent to a child, decoded there.
 *
 * @param <R> what is known of the medium when all its pictures were handed out
 */
public interface DecodeTask<R> {
    Kind kind();

    /** The memory that its largest picture takes; 0 where it has none. */
    int pictureBytes();

    /** How many pictures it hands out. */
    int pictures();

    /** The time that its decoding may take, without what is done with its pictures. */
    Duration timeBudget();

    /** The file to decode, which the child is sent beside what {@link #writeTo} writes. */
    byte[] file();

    /** Writes what the kind's reader reads. */
    void writeTo(DataOutputStream out) throws IOException;

    /**
     * Decodes it in this process.
     *
     * @param buffer native memory of {@link #pictureBytes()} or more, in which a picture may lie when it is handed out
     */
    Outcome<R> decode(Decoders decoders, ByteBuffer buffer, MediaReference reference, Consumer<RgbImage> pictures);

    void writeResult(R result, DataOutputStream out) throws IOException;

    /** Reads what a child wrote, which may have been taken over: trusts no size in it. */
    R readResult(DataInputStream in) throws IOException;

    /** The implementations; a task's first byte says which it is. */
    enum Kind {
        IMAGE,
        PROBE,
        VIDEO;

        /** Reads what {@link DecodeTask#writeTo} wrote. */
        public DecodeTask<?> readFrom(DataInputStream in, byte[] file) throws IOException {
            return switch (this) {
                case IMAGE -> ImageTask.readFrom(in, file);
                case PROBE -> ProbeTask.readFrom(in, file);
                case VIDEO -> VideoTask.readFrom(in, file);
            };
        }
    }
}
