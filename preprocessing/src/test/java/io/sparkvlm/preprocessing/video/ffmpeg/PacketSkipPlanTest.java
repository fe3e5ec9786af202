package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.media.Deadline;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.Videos;
import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketSkipPlanTest {
    @BeforeAll
    static void load() {
        NativeLibraries.load(NativeLibrary.FFMPEG);
    }

    @ParameterizedTest
    @CsvSource({
        "h264-fragmented.mp4, MP4, 24, 20, 16",
        "h264-b-frames.mp4, MP4, 24, 23, 16",
        "vp8-short-groups.webm, MATROSKA, 40, 39, 30",
        "vp9-short-groups.webm, MATROSKA, 40, 39, 30",
        "av1-short-groups.mp4, MP4, 40, 39, 30",
        "hevc-short-groups.mp4, MP4, 40, 39, 30",
    })
    void beginsAtTheKeyFrameBeforeTheChosenOne(
            String name, VideoContainer container, int packets, int chosen, int begin) throws Exception {
        PacketSkipPlan plan = plan(name, container, List.of(chosen)).orElseThrow();

        assertThat(plan.isNeeded(0))
                .as("the first packet may say how to decode the others")
                .isTrue();
        assertThat(IntStream.range(1, packets).filter(plan::isNeeded).findFirst())
                .hasValue(begin);
    }

    @ParameterizedTest
    @CsvSource({"h264-fragmented.mp4, 17, 19", "vp9-short-groups.webm, 32, 32"})
    void endsWithTheLastPacketThatIsShownBeforeTheChosenOne(String name, int chosen, int end) throws Exception {
        VideoContainer container = Videos.container(name);
        PacketSkipPlan plan = plan(name, container, List.of(chosen)).orElseThrow();

        assertThat(plan.isNeeded(end)).isTrue();
        assertThat(plan.isNeeded(end + 1)).isFalse();
    }

    /** Open groups, MPEG-4's maybe open ones, tables of Motion JPEG's earlier frames, cut times, hidden frames. */
    @ParameterizedTest
    @ValueSource(
            strings = {"h264-cut.mkv", "h264-cut.mp4", "mpeg4.avi", "mpeg4.mp4", "mjpeg.avi", "h264.avi", "vp8.webm"})
    void thereIsNoneWherePacketsDoNotTell(String name) throws Exception {
        VideoContainer container = Videos.container(name);

        assertThat(plan(name, container, List.of(5)).filter(plan -> !plan.isNeeded(1)))
                .isEmpty();
    }

    private static Optional<PacketSkipPlan> plan(String name, VideoContainer container, List<Integer> chosen)
            throws Exception {
        try (PointerScope scope = new PointerScope();
                Demuxer demuxer = new Demuxer(
                        Videos.read(name), container, VideoLimits.DEFAULT, Deadline.after(Duration.ofMinutes(1)))) {
            return PacketSkipPlan.find(demuxer, VideoLimits.DEFAULT, chosen);
        }
    }
}
