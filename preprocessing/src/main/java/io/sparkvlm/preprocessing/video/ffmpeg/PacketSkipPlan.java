package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * The packets that are decoded for the chosen frames, so that the others can be passed over. Those are the packets from
 * one that a decoder may begin at to the last that is shown no later than the last chosen frame before the next such
 * one, where each packet is a frame and times tell their order. Immutable.
 */
final class PacketSkipPlan {
    /** Whether a packet is decoded, in the order in which they are stored. */
    private final boolean[] needed;
    /** Whether all frames of a frame's stretch up to it are decoded, in the order in which they are shown. */
    private final boolean[] passed;

    private final long[] times;

    private PacketSkipPlan(long[] times) {
        this.needed = new boolean[times.length];
        this.passed = new boolean[times.length];
        this.times = times;
        // FFmpeg learns from the first packet which encoder's bugs it must live with: x264 says its build there alone.
        needed[0] = true;
        passed[0] = true;
    }

    /** Makes the plan from all packets; nothing where frames cannot be told without being decoded. */
    static Optional<PacketSkipPlan> find(Demuxer demuxer, VideoLimits limits, List<Integer> chosen)
            throws UnreadableVideoException {
        RandomAccessPoints access =
                new RandomAccessPoints(demuxer.codec(), demuxer.stream().codecpar());
        PacketTimes times = new PacketTimes();
        OptionalInt headers = OptionalInt.empty();
        for (Optional<AVPacket> next = demuxer.next(); next.isPresent(); next = demuxer.next()) {
            AVPacket packet = next.get();
            Optional<RandomAccessPoints.Packet> seen = access.look(packet);
            if (seen.isEmpty() || !demuxer.isShown(packet) || packet.pts() == AV_NOPTS_VALUE) {
                return Optional.empty();
            }
            // What packets say of those to come must be the same each time, or one that is passed over is missed.
            boolean news = times.count() > 0 && seen.get().saysWhoMadeIt();
            news |= seen.get().isEntry()
                    ? headers.isPresent() && headers.getAsInt() != seen.get().headers()
                    : seen.get().headers() != 0;
            if (news) {
                return Optional.empty();
            }
            if (seen.get().isEntry()) {
                headers = OptionalInt.of(seen.get().headers());
            }
            times.add(packet.pts(), seen.get().isEntry());
            limits.requireFrames(times.count());
        }
        long[] inOrder = times.inOrder();
        return areDistinct(inOrder) && isDelayKnown(demuxer, times.delay(inOrder))
                ? plan(times, inOrder, chosen)
                : Optional.empty();
    }

    private static boolean areDistinct(long[] inOrder) {
        return IntStream.range(1, inOrder.length).allMatch(i -> inOrder[i - 1] < inOrder[i]);
    }

    /** FFmpeg drops frames of H.264 that come later than the stream's head tells, until it has learnt how late they come. */
    private static boolean isDelayKnown(Demuxer demuxer, int delay) {
        return demuxer.codec() != VideoCodec.H264
                || delay <= demuxer.stream().codecpar().video_delay();
    }

    private static Optional<PacketSkipPlan> plan(PacketTimes times, long[] inOrder, List<Integer> chosen) {
        int[] starts = times.stretchStarts();
        if (starts.length == 0 || starts[0] != 0) {
            return Optional.empty();
        }
        PacketSkipPlan plan = new PacketSkipPlan(inOrder);
        int given = 0;
        for (int i = 0; i < starts.length; i++) {
            int end = i + 1 < starts.length ? starts[i + 1] : times.count();
            int first = given;
            while (given < chosen.size() && chosen.get(given) < end) {
                given++;
            }
            if (given > first) {
                int last = chosen.get(given - 1);
                Arrays.fill(plan.passed, starts[i], last + 1, true);
                Arrays.fill(plan.needed, starts[i], times.lastUntil(plan.times[last], end) + 1, true);
            }
        }
        // Chosen frames that are not there are left to decoding without a plan, which judges them.
        return given == chosen.size() ? Optional.of(plan) : Optional.empty();
    }

    boolean isNeeded(int packet) {
        return packet >= needed.length || needed[packet];
    }

    /** Whether a frame that is shown at this time may come as the one of this number. */
    boolean isAt(int frame, long time) {
        return frame < times.length && (!passed[frame] || times[frame] == time);
    }
}
