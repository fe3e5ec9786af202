package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether a file is a video that FFmpeg may see: its kind by its first bytes, that every length in its structure
 * ends inside it, that it has a video track, and how large its frames and its tables are.
 *
 * <p>Thread-safe.
 */
public final class VideoInspector {
    private final VideoLimits limits;

    public VideoInspector(VideoLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /**
     * Checks one file; of a row that crossed an exchange too.
     *
     * @param reference named by the rejection when it does not hold
     */
    public Outcome<EncodedVideo> inspect(FetchedFile file, MediaReference reference) {
        byte[] bytes = file.bytes();
        if (bytes.length == 0) {
            return reference.rejected(MediaFault.EMPTY_FILE, "expected a video, found 0 bytes");
        }
        if (bytes.length > limits.maxFileBytes()) {
            return reference.tooManyBytes(limits.maxFileBytes(), bytes.length);
        }
        Optional<VideoContainer> container = VideoSignature.container(bytes);
        if (container.isEmpty()) {
            return reference.rejected(
                    MediaFault.UNSUPPORTED_MEDIA_TYPE,
                    "expected MP4, QuickTime, WebM, Matroska or AVI, found a file whose type is "
                            + VideoSignature.describe(bytes));
        }
        try {
            walk(container.get(), new FileSpan(bytes));
            return Outcome.ok(new EncodedVideo(bytes, container.get(), file.ref()));
        } catch (UnreadableVideoException e) {
            return reference.rejected(e.fault(), e.getMessage());
        }
    }

    private void walk(VideoContainer container, FileSpan file) throws UnreadableVideoException {
        switch (container) {
            case MP4 -> new Mp4Walker(limits).walk(file);
            case MATROSKA -> new MatroskaWalker(limits).walk(file);
            case AVI -> new AviWalker(limits).walk(file);
        }
    }
}
