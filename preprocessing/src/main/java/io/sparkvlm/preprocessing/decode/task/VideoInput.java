package io.sparkvlm.preprocessing.decode.task;

import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.ffmpeg.VideoDecoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;

/** A checked video file as a child needs it, to probe or to decode. */
record VideoInput(byte[] bytes, VideoContainer container, VideoLimits limits) {
    /** The decoder keeps its own time, and its error says more than the end of its process. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    static VideoInput of(EncodedVideo video, VideoLimits limits) {
        return new VideoInput(video.bytes(), video.container(), limits);
    }

    VideoDecoder decoder() {
        return new VideoDecoder(limits);
    }

    Duration timeBudget() {
        return limits.decodeTime().plus(GRACE);
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(limits.maxFileBytes());
        out.writeInt(limits.maxPixels());
        out.writeInt(limits.maxFrames());
        out.writeLong(limits.decodeTime().toNanos());
        out.writeUTF(container.name());
    }

    static VideoInput readFrom(DataInputStream in, byte[] bytes) throws IOException {
        VideoLimits limits = new VideoLimits(in.readInt(), in.readInt(), in.readInt(), Duration.ofNanos(in.readLong()));
        VideoContainer container = VideoContainer.valueOf(in.readUTF());
        return new VideoInput(bytes, container, limits);
    }
}
