package io.sparkvlm.preprocessing.decode.task;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.image.EncodedImage;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.Orientation;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/** Decodes an image file that was checked; its result is how many pictures the file has, one. */
public record ImageTask(ImageHeader header, byte[] bytes) implements DecodeTask<Integer> {
    /** The slowest picture of the largest size, a lossless WebP, takes a fifth of it on a quiet core. */
    private static final Duration TIME_BUDGET = Duration.ofSeconds(60);

    public static ImageTask of(EncodedImage image) {
        return new ImageTask(image.header(), image.bytes());
    }

    @Override
    public Kind kind() {
        return Kind.IMAGE;
    }

    @Override
    public int pictureBytes() {
        return header.rgbBytes();
    }

    @Override
    public int pictures() {
        return 1;
    }

    @Override
    public Duration timeBudget() {
        return TIME_BUDGET;
    }

    @Override
    public byte[] file() {
        return bytes;
    }

    @Override
    public void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(header.width());
        out.writeInt(header.height());
        out.writeUTF(header.orientation().name());
    }

    static ImageTask readFrom(DataInputStream in, byte[] bytes) throws IOException {
        int width = in.readInt();
        int height = in.readInt();
        Orientation orientation = Orientation.valueOf(in.readUTF());
        return new ImageTask(new ImageHeader(width, height, orientation), bytes);
    }

    @Override
    public Outcome<Integer> decode(
            Decoders decoders, ByteBuffer buffer, MediaReference reference, Consumer<RgbImage> pictures) {
        return decoders.images().decode(header, bytes, reference, buffer).map(picture -> {
            pictures.accept(picture);
            return 1;
        });
    }

    @Override
    public void writeResult(Integer pictures, DataOutputStream out) throws IOException {
        out.writeInt(pictures);
    }

    @Override
    public Integer readResult(DataInputStream in) throws IOException {
        return in.readInt();
    }
}
