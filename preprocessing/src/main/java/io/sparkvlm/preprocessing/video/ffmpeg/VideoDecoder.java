package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;

import io.sparkvlm.preprocessing.media.Deadline;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.VideoStream;
import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerScope;

/**
 * Finds out what frames a checked file has, and decodes the chosen ones with FFmpeg; the frames are PyAV's, counted as
 * it counts them.
 *
 * <p>Frames count in the order in which they are shown, whatever their times, from the first that can be decoded. A
 * packet that cannot be decoded is the end of the file's being whole: an error unless all chosen frames came before it.
 * A container may count a few frames that are never shown; where chosen ones are missing at the end, the last frame
 * stands for them.
 *
 * <p>Thread-safe: a file and its decoder live for one call, on the caller's thread.
 */
public final class VideoDecoder {
    /** Frames of a file, or a tenth of it, that may be counted and not shown, as those before a first key frame. */
    private static final int UNSHOWN_FRAMES = 2;

    private static final int UNSHOWN_SHARE = 10;

    /** More than a frame of the most pixels takes, at 16 bits and with all its colours. */
    private static final long MAX_ALLOCATION_BYTES = 3L << 29;

    /** A shorter gap between chosen frames is decoded faster than all packets are looked at. */
    private static final int MIN_GAP_FRAMES = 48;

    private final VideoLimits limits;
    private final int minGapFrames;

    /** Loads nothing yet: a job without videos needs no FFmpeg. */
    public VideoDecoder(VideoLimits limits) {
        this(limits, MIN_GAP_FRAMES);
    }

    /**
     * A decoder that passes over shorter gaps, too.
     *
     * @param minGapFrames so many frames between chosen ones are decoded all the same
     */
    VideoDecoder(VideoLimits limits, int minGapFrames) {
        this.limits = Objects.requireNonNull(limits, "limits");
        this.minGapFrames = minGapFrames;
    }

    private static void load() {
        NativeLibraries.load(NativeLibrary.FFMPEG);
        // It would write about each damaged file to the process's standard error.
        avutil.av_log_set_level(AV_LOG_QUIET);
        avutil.av_max_alloc(MAX_ALLOCATION_BYTES);
    }

    /**
     * Reads all packets and decodes none but those few that FFmpeg needs to know the stream.
     *
     * @param file that {@code VideoInspector} passed, not written to while this runs
     */
    public VideoStream probe(byte[] file, VideoContainer container) throws UnreadableVideoException {
        load();
        Deadline deadline = Deadline.after(limits.decodeTime());
        try (PointerScope scope = new PointerScope();
                Demuxer demuxer = new Demuxer(file, container, limits, deadline)) {
            int frames = 0;
            for (Optional<AVPacket> packet = demuxer.next(); packet.isPresent(); packet = demuxer.next()) {
                if (demuxer.isShown(packet.get())) {
                    frames++;
                    limits.requireFrames(frames);
                }
            }
            if (frames == 0) {
                throw new UnreadableVideoException(MediaFault.NO_FRAMES, "expected frames in the video, found none");
            }
            int width = demuxer.stream().codecpar().width();
            int height = demuxer.stream().codecpar().height();
            boolean lying = demuxer.orientation().swapsAxes();
            return new VideoStream(
                    lying ? height : width,
                    lying ? width : height,
                    frames,
                    demuxer.framesPerSecond(),
                    demuxer.videoStreams());
        }
    }

    /**
     * Decodes until the last chosen frame; the others are not converted, and not decoded where they are many and the
     * chosen ones are known to be the same without them. Damage among those is not noticed.
     *
     * @param file that {@code VideoInspector} passed, not written to while this runs
     * @param frames their numbers, from 0, none below the one before it
     * @param taker gets them upright, one after the other, a frame that is chosen twice twice
     */
    public void decode(byte[] file, VideoContainer container, List<Integer> frames, Consumer<RgbImage> taker)
            throws UnreadableVideoException {
        load();
        Input input = new Input(file, container, limits, Deadline.after(limits.decodeTime()));
        Optional<PacketSkipPlan> plan = hasLongGap(frames) ? findPlan(input, frames) : Optional.empty();
        int given = plan.isEmpty() ? 0 : pass(input, plan, frames, taker);
        if (given < frames.size()) {
            pass(input, Optional.empty(), frames.subList(given, frames.size()), taker);
        }
    }

    private boolean hasLongGap(List<Integer> frames) {
        int before = -1;
        for (int frame : frames) {
            if (frame - before - 1 > minGapFrames) {
                return true;
            }
            before = frame;
        }
        return false;
    }

    /** A file that may be read several times, all in its time. */
    private record Input(byte[] file, VideoContainer container, VideoLimits limits, Deadline deadline) {
        Demuxer open() throws UnreadableVideoException {
            return new Demuxer(file, container, limits, deadline);
        }
    }

    private static Optional<PacketSkipPlan> findPlan(Input input, List<Integer> frames)
            throws UnreadableVideoException {
        try (PointerScope scope = new PointerScope();
                Demuxer demuxer = input.open()) {
            return PacketSkipPlan.find(demuxer, input.limits(), frames);
        }
    }

    /**
     * Decodes chosen frames and returns how many it gave: all, but by a plan only those before frames that came
     * otherwise than its packets told.
     */
    private static int pass(Input input, Optional<PacketSkipPlan> plan, List<Integer> frames, Consumer<RgbImage> taker)
            throws UnreadableVideoException {
        try (PointerScope scope = new PointerScope();
                Demuxer demuxer = input.open();
                FrameConverter converter = new FrameConverter(demuxer.orientation());
                FrameSource source = new FrameSource(demuxer, input.limits(), plan)) {
            int given = 0;
            while (given < frames.size()) {
                boolean atEnd = !source.advance();
                if (plan.isPresent() && (atEnd || !source.followsPlan())) {
                    return given;
                }
                if (atEnd) {
                    requireNearlyAll(source.number() + 1, frames.get(frames.size() - 1) + 1);
                }
                if (atEnd || frames.get(given) == source.number()) {
                    RgbImage picture = converter.convert(source.frame());
                    while (given < frames.size() && (atEnd || frames.get(given) == source.number())) {
                        taker.accept(picture);
                        given++;
                    }
                }
            }
            return given;
        }
    }

    private static void requireNearlyAll(int decoded, int expected) throws UnreadableVideoException {
        if (decoded == 0) {
            throw new UnreadableVideoException(
                    MediaFault.NO_FRAMES, "expected frames in the video, found none that can be decoded");
        }
        if (expected - decoded > Math.max(UNSHOWN_FRAMES, expected / UNSHOWN_SHARE)) {
            throw UnreadableVideoException.damaged(
                    "expected " + expected + " frames in the video, found " + decoded + " that can be decoded");
        }
    }
}
