package io.sparkvlm.preprocessing.decode.task;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Decodes chosen frames of a video file; its result is how many. */
public final class VideoTask implements DecodeTask<Integer> {
    private final VideoInput video;
    private final int width;
    private final int height;
    private final List<Integer> frames;

    /**
     * Frames of a file.
     *
     * @param width of its frames, upright, in pixels, as it was probed
     * @param height of its frames, upright, in pixels, as it was probed
     * @param frames their numbers, from 0, none below the one before it
     */
    public VideoTask(EncodedVideo video, VideoLimits limits, int width, int height, List<Integer> frames) {
        this(VideoInput.of(video, limits), width, height, frames);
    }

    private VideoTask(VideoInput video, int width, int height, List<Integer> frames) {
        this.video = video;
        this.width = width;
        this.height = height;
        this.frames = List.copyOf(frames);
    }

    @Override
    public Kind kind() {
        return Kind.VIDEO;
    }

    @Override
    public int pictureBytes() {
        return Math.multiplyExact(3, Math.multiplyExact(width, height));
    }

    @Override
    public int pictures() {
        return frames.size();
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
        out.writeInt(width);
        out.writeInt(height);
        out.writeInt(frames.size());
        for (int frame : frames) {
            out.writeInt(frame);
        }
    }

    static VideoTask readFrom(DataInputStream in, byte[] bytes) throws IOException {
        VideoInput video = VideoInput.readFrom(in, bytes);
        int width = in.readInt();
        int height = in.readInt();
        List<Integer> frames = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            frames.add(in.readInt());
        }
        return new VideoTask(video, width, height, frames);
    }

    @Override
    public Outcome<Integer> decode(
            Decoders decoders, ByteBuffer buffer, MediaReference reference, Consumer<RgbImage> pictures) {
        try {
            video.decoder()
                    .decode(video.bytes(), video.container(), frames, frame -> pictures.accept(requireToFit(frame)));
            return Outcome.ok(frames.size());
        } catch (UnreadableVideoException e) {
            return reference.rejected(e.fault(), e.getMessage());
        } catch (LargerFrameException e) {
            return reference.rejected(MediaFault.PARSE_ERROR, e.getMessage());
        }
    }

    /** A stream may change its size on its way. */
    private RgbImage requireToFit(RgbImage frame) {
        if (3L * frame.width() * frame.height() > pictureBytes()) {
            throw new LargerFrameException("expected frames of " + width + " x " + height
                    + " pixels, as the video's first is, found one of " + frame.width() + " x " + frame.height());
        }
        return frame;
    }

    /** Carries the refusal of a frame out of the decoder, whose consumer has no other way to refuse one. */
    private static final class LargerFrameException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LargerFrameException(String message) {
            super(message);
        }
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
