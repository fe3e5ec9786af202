package io.sparkvlm.preprocessing.decode.task;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.VideoStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Counts the frames of a video file; decodes none. */
public final class ProbeTask implements DecodeTask<VideoStream> {
    private final VideoInput video;

    public ProbeTask(EncodedVideo video, VideoLimits limits) {
        this(VideoInput.of(video, limits));
    }

    private ProbeTask(VideoInput video) {
        this.video = video;
    }

    @Override
    public Kind kind() {
        return Kind.PROBE;
    }

    @Override
    public int pictureBytes() {
        return 0;
    }

    @Override
    public int pictures() {
        return 0;
    }

    @Override
    public Duration timeBudget() {
        return video.timeBudget();
    }

    @Override
    public byte[] file() {
        return video.bytes();
    }

    @Override
    public void writeTo(DataOutputStream out) throws IOException {
        video.writeTo(out);
    }

    static ProbeTask readFrom(DataInputStream in, byte[] bytes) throws IOException {
        return new ProbeTask(VideoInput.readFrom(in, bytes));
    }

    @Override
    public Outcome<VideoStream> decode(
            Decoders decoders, ByteBuffer buffer, MediaReference reference, Consumer<RgbImage> pictures) {
        try {
            return Outcome.ok(video.decoder().probe(video.bytes(), video.container()));
        } catch (UnreadableVideoException e) {
            return reference.rejected(e.fault(), e.getMessage());
        }
    }

    @Override
    public void writeResult(VideoStream stream, DataOutputStream out) throws IOException {
        out.writeInt(stream.width());
        out.writeInt(stream.height());
        out.writeInt(stream.frames());
        out.writeBoolean(stream.framesPerSecond().isPresent());
        out.writeDouble(stream.framesPerSecond().orElse(0));
        out.writeInt(stream.candidates());
    }

    @Override
    public VideoStream readResult(DataInputStream in) throws IOException {
        int width = in.readInt();
        int height = in.readInt();
        int frames = in.readInt();
        boolean hasRate = in.readBoolean();
        double rate = in.readDouble();
        int candidates = in.readInt();
        if (width < 1
                || height < 1
                || frames < 1
                || (long) width * height > video.limits().maxPixels()) {
            throw new IOException("expected a video, found " + frames + " frames of " + width + " x " + height);
        }
        OptionalDouble framesPerSecond = hasRate ? OptionalDouble.of(rate) : OptionalDouble.empty();
        return new VideoStream(width, height, frames, framesPerSecond, candidates);
    }
}
