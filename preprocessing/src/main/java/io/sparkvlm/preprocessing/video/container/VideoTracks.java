package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The video tracks that a walker finds, and how many frames each has. All of them are held to the limits, because FFmpeg
 * chooses one by more than their headers. Used by one thread.
 */
final class VideoTracks {
    private static final int MAX_TRACKS = 1024;

    private final List<VideoTrack> tracks = new ArrayList<>();
    private final Map<Long, Long> frames = new HashMap<>();

    boolean areFound() {
        return !tracks.isEmpty();
    }

    void add(VideoTrack track) throws UnreadableVideoException {
        tracks.add(track);
        requireFew(tracks.size());
    }

    /** Some more frames of a track, as the container counts them; the track may be of sound, and described later. */
    void addFrames(long track, long more) throws UnreadableVideoException {
        frames.merge(track, more, Long::sum);
        requireFew(frames.size());
    }

    private static void requireFew(int found) throws UnreadableVideoException {
        if (found > MAX_TRACKS) {
            throw UnreadableVideoException.damaged("expected at most " + MAX_TRACKS + " tracks, found more");
        }
    }

    /**
     * Refuses a file without a video track or without frames, and one with a track that is encrypted or whose frames are
     * too large or too many; tracks without frames do not count beside others.
     */
    void require(VideoContainer container, VideoLimits limits) throws UnreadableVideoException {
        if (tracks.isEmpty()) {
            throw new UnreadableVideoException(
                    MediaFault.NO_STREAM, "expected a video track in the " + container.shownName() + ", found none");
        }
        List<VideoTrack> withFrames =
                tracks.stream().filter(track -> framesOf(track) > 0).toList();
        for (VideoTrack track : withFrames.isEmpty() ? tracks : withFrames) {
            if (track.encrypted()) {
                throw UnreadableVideoException.encrypted(container);
            }
            limits.requireSize(track.width(), track.height());
            limits.requireFrames(framesOf(track));
        }
        if (withFrames.isEmpty()) {
            throw new UnreadableVideoException(
                    MediaFault.NO_FRAMES, "expected frames in the " + container.shownName() + ", found none");
        }
    }

    private long framesOf(VideoTrack track) {
        return frames.getOrDefault(track.number(), 0L);
    }
}
