package io.sparkvlm.preprocessing.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Which packets lead to the chosen frames? A stretch from one packet that a decoder may begin at to the next leads to the
 * frames in it and to no others, where each packet is a frame and times tell their order. Immutable.
 */
final class FrameRoute {
    private final boolean[] leading;
    private final long[] times;

    private FrameRoute(boolean[] leading, long[] times) {
        this.leading = leading;
        this.times = times;
    }

    /** Reads all packets; nothing where frames cannot be told without being decoded. */
    static Optional<FrameRoute> find(Demuxer demuxer, List<Integer> chosen) throws UnreadableVideoException {
        RandomAccess access = new RandomAccess(demuxer.codec(), demuxer.stream().codecpar());
        PacketTimes times = new PacketTimes();
        OptionalInt headers = OptionalInt.empty();
        for (Optional<AVPacket> next = demuxer.next(); next.isPresent(); next = demuxer.next()) {
            AVPacket packet = next.get();
            Optional<RandomAccess.Packet> seen = access.look(packet);
            if (seen.isEmpty() || !demuxer.isShown(packet) || packet.pts() == AV_NOPTS_VALUE) {
                return Optional.empty();
            }
            // What packets say of those to come must be the same each time, or one that is passed over is missed.
            boolean news = seen.get().isEntry()
                    ? headers.isPresent() && headers.getAsInt() != seen.get().headers()
                    : seen.get().headers() != 0;
            if (news) {
                return Optional.empty();
            }
            if (seen.get().isEntry()) {
                headers = OptionalInt.of(seen.get().headers());
            }
            times.add(packet.pts(), seen.get().isEntry());
        }
        return times.areDistinct() ? route(times, chosen) : Optional.empty();
    }

    private static Optional<FrameRoute> route(PacketTimes times, List<Integer> chosen) {
        int[] starts = times.stretchStarts();
        if (starts.length == 0 || starts[0] != 0) {
            return Optional.empty();
        }
        boolean[] leading = new boolean[times.count()];
        int given = 0;
        for (int i = 0; i < starts.length; i++) {
            int end = i + 1 < starts.length ? starts[i + 1] : leading.length;
            boolean leads = false;
            for (; given < chosen.size() && chosen.get(given) < end; given++) {
                leads = true;
            }
            Arrays.fill(leading, starts[i], end, leads);
        }
        // Chosen ones that are not there are for the straight way to judge.
        return given == chosen.size() ? Optional.of(new FrameRoute(leading, times.inOrder())) : Optional.empty();
    }

    boolean leads(int packet) {
        return packet >= leading.length || leading[packet];
    }

    /** Whether the frame of this number is shown at this time. */
    boolean isAt(int frame, long time) {
        return frame < times.length && times[frame] == time;
    }
}
