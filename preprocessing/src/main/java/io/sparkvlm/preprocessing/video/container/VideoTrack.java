package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;

/** What a walker found of the first video track: its frames' size, and how many there are. Used by one thread. */
final class VideoTrack {
    private boolean found;
    private long width;
    private long height;
    private long frames;

    boolean isFound() {
        return found;
    }

    void find(long trackWidth, long trackHeight) {
        found = true;
        width = trackWidth;
        height = trackHeight;
    }

    /** Some more frames, as the container counts them. */
    void addFrames(long more) {
        frames += more;
    }

    /** Refuses a file without a video track or without frames, and one whose frames are too large or too many. */
    void require(VideoContainer container, VideoLimits limits) throws UnreadableVideoException {
        if (!found) {
            throw new UnreadableVideoException(
                    MediaFault.NO_STREAM, "expected a video track in the " + container.shownName() + ", found none");
        }
        limits.requireSize(width, height);
        if (frames == 0) {
            throw new UnreadableVideoException(
                    MediaFault.NO_FRAMES, "expected frames in the " + container.shownName() + ", found none");
        }
        limits.requireFrames(frames);
    }
}
