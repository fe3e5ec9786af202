package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.VideoStream;
import io.sparkvlm.preprocessing.video.Videos;
import io.sparkvlm.preprocessing.video.Videos.Expected;
import io.sparkvlm.preprocessing.video.container.VideoInspector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VideoDecoderTest {
    private static final VideoDecoder DECODER = new VideoDecoder(VideoLimits.DEFAULT);

    static List<Expected> expected() throws IOException {
        return Videos.expected();
    }

    @ParameterizedTest
    @MethodSource("expected")
    void decodesToPyAvsPixelsUpright(Expected expected) throws Exception {
        byte[] file = Videos.read(expected.name());
        List<String> digests = new ArrayList<>();

        DECODER.decode(file, container(file), Videos.numbers(expected.digests().size()), picture -> {
            assertThat(picture.width()).isEqualTo(expected.width());
            assertThat(picture.height()).isEqualTo(expected.height());
            digests.add(Videos.digest(picture));
        });

        assertThat(digests).isEqualTo(expected.digests());
    }

    @ParameterizedTest
    @MethodSource("expected")
    void knowsSizeCountAndRateBeforeDecoding(Expected expected) throws Exception {
        byte[] file = Videos.read(expected.name());

        VideoStream stream = DECODER.probe(file, container(file));

        assertThat(stream.width()).isEqualTo(expected.width());
        assertThat(stream.height()).isEqualTo(expected.height());
        assertThat(stream.frames()).isEqualTo(expected.digests().size());
        assertThat(stream.framesPerSecond()).hasValue(expected.framesPerSecond());
    }

    @ParameterizedTest
    @MethodSource("expected")
    void theHeadersSizeIsTheDecoders(Expected expected) throws Exception {
        byte[] file = Videos.read(expected.name());
        int pixels = expected.width() * expected.height();

        assertThat(Requests.value(inspected(file, pixels)).bytes()).isSameAs(file);
        assertThat(Requests.rejection(inspected(file, pixels - 1)).code()).isEqualTo(MediaCode.VIDEO_TOO_LARGE);
    }

    private static Outcome<EncodedVideo> inspected(byte[] file, int maxPixels) {
        return new VideoInspector(VideoLimits.of(file.length, maxPixels, Duration.ofMinutes(1)))
                .inspect(new FetchedFile(file, "ref"), Videos.REFERENCE);
    }

    private static VideoContainer container(byte[] file) {
        return inspected(file, VideoLimits.DEFAULT.maxPixels()).fold(EncodedVideo::container, rejection -> {
            throw new AssertionError(rejection.message());
        });
    }

    static List<Expected> ofSeveralTracks() throws IOException {
        return Videos.ofSeveralTracks();
    }

    @ParameterizedTest
    @MethodSource("ofSeveralTracks")
    void ofSeveralTracksTheOneThatPyAvTakesForTheBestIsDecoded(Expected expected) throws Exception {
        byte[] file = Videos.read("tracks/" + expected.name());

        VideoStream stream = DECODER.probe(file, container(file));

        assertThat(stream.width()).isEqualTo(expected.width());
        assertThat(stream.height()).isEqualTo(expected.height());
        assertThat(stream.framesPerSecond()).hasValue(expected.framesPerSecond());
        assertThat(stream.candidates()).isEqualTo(expected.name().contains("cover") ? 1 : 2);
        assertThat(Requests.value(Videos.digests(file, VideoLimits.DEFAULT))).isEqualTo(expected.digests());
    }

    @ParameterizedTest
    @CsvSource({"still-first.mp4, 160 x 120", "first-is-the-default.webm, 128 x 96", "two-equal.avi, 128 x 96"})
    void aTrackThatIsTooLargeIsRefusedWhicheverIsDecoded(String name, String size) throws Exception {
        Rejection rejection = Requests.rejection(inspected(Videos.read("tracks/" + name), 64 * 48));

        assertThat(rejection.code()).isEqualTo(MediaCode.VIDEO_TOO_LARGE);
        assertThat(rejection.message()).contains(size);
    }

    @Test
    void onlyTheChosenFramesAreGivenAndOneTwiceWhenItIsChosenTwice() throws Exception {
        byte[] file = Videos.read("h264-b-frames.mp4");
        List<String> all = expected("h264-b-frames.mp4").digests();
        List<String> digests = new ArrayList<>();

        DECODER.decode(file, VideoContainer.MP4, List.of(1, 7, 7, 20), picture -> digests.add(Videos.digest(picture)));

        assertThat(digests).containsExactly(all.get(1), all.get(7), all.get(7), all.get(20));
    }

    @ParameterizedTest
    @MethodSource("expected")
    void aFrameIsTheSameWhenThoseBeforeItArePassedOver(Expected expected) throws Exception {
        byte[] file = Videos.read(expected.name());
        VideoContainer container = container(file);
        VideoDecoder passing = new VideoDecoder(VideoLimits.DEFAULT, 0);
        int last = expected.digests().size() - 1;

        for (int frame = 0; frame <= last; frame++) {
            List<String> digests = new ArrayList<>();
            passing.decode(file, container, List.of(frame, last), picture -> digests.add(Videos.digest(picture)));

            assertThat(digests)
                    .as("frame %d and the last", frame)
                    .containsExactly(
                            expected.digests().get(frame), expected.digests().get(last));
        }
    }

    /** FFmpeg loses two frames of this file while it learns how late its frames come; one that passed them over would not. */
    @Test
    void aFrameIsTheSameAlsoWhereFramesBeforeItAreLost() throws Exception {
        byte[] file = Videos.read("late/h264-b-frames.mkv");
        VideoDecoder straight = new VideoDecoder(VideoLimits.DEFAULT, Integer.MAX_VALUE);
        VideoDecoder passing = new VideoDecoder(VideoLimits.DEFAULT, 0);

        for (int frame : new int[] {119, 120, 139, 140, 160}) {
            List<String> expected = new ArrayList<>();
            List<String> digests = new ArrayList<>();
            straight.decode(file, container(file), List.of(frame), picture -> expected.add(Videos.digest(picture)));
            passing.decode(file, container(file), List.of(frame), picture -> digests.add(Videos.digest(picture)));

            assertThat(digests).as("frame %d", frame).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h264-64x48-to-128x96.avi, 128 x 96",
        "h264-64x48-to-32x24.avi, 32 x 24",
        "vp8-64x48-to-128x96.webm, 128 x 96",
        "vp9-64x48-to-32x24.webm, 32 x 24",
        "mpeg4-64x48-to-48x64.avi, 48 x 64",
    })
    void framesThatChangeTheirSizeAreRefused(String name, String size) throws Exception {
        byte[] file = Videos.read("resized/" + name);

        assertThatThrownBy(() -> DECODER.decode(file, container(file), List.of(0, 6), picture -> {}))
                .isInstanceOfSatisfying(UnreadableVideoException.class, fault -> assertThat(fault.fault())
                        .isEqualTo(MediaFault.PARSE_ERROR))
                .hasMessageContaining("64 x 48")
                .hasMessageContaining(size);
    }

    @Test
    void framesBeforeAnotherSizeAreGiven() throws Exception {
        byte[] file = Videos.read("resized/vp8-64x48-to-128x96.webm");
        List<RgbImage> before = new ArrayList<>();

        DECODER.decode(file, VideoContainer.MATROSKA, List.of(0, 5), before::add);

        assertThat(before).extracting(RgbImage::width).containsExactly(64, 64);
    }

    @Test
    void theLastFrameStandsForAFewThatWereCountedAndAreNotThere() throws Exception {
        byte[] file = Videos.read("h264.mp4");
        List<String> all = expected("h264.mp4").digests();
        List<String> digests = new ArrayList<>();

        DECODER.decode(file, VideoContainer.MP4, List.of(0, 12, 13), picture -> digests.add(Videos.digest(picture)));

        assertThat(digests).containsExactly(all.get(0), all.get(11), all.get(11));
        assertThatThrownBy(() -> DECODER.decode(file, VideoContainer.MP4, List.of(0, 40), picture -> {}))
                .hasMessage("expected 41 frames in the video, found 12 that can be decoded");
    }

    @Test
    void aDecoderThatTakesTooLongIsStopped() throws IOException {
        byte[] file = Videos.read("h264.mp4");
        VideoDecoder hasty = new VideoDecoder(new VideoLimits(1 << 20, 1 << 20, 1 << 20, Duration.ofNanos(1)));

        assertThatThrownBy(() -> hasty.probe(file, VideoContainer.MP4))
                .isInstanceOfSatisfying(UnreadableVideoException.class, fault -> assertThat(fault.fault())
                        .isEqualTo(MediaFault.DECODE_TIMEOUT));
        assertThatThrownBy(() -> hasty.decode(file, VideoContainer.MP4, List.of(0), picture -> {}))
                .isInstanceOfSatisfying(UnreadableVideoException.class, fault -> assertThat(fault.fault())
                        .isEqualTo(MediaFault.DECODE_TIMEOUT));
    }

    @Test
    void moreFramesThanTheLimitAreNotCounted() throws IOException {
        byte[] file = Videos.read("vp9-live.webm");
        VideoDecoder small = new VideoDecoder(new VideoLimits(1 << 20, 1 << 20, 5, Duration.ofMinutes(1)));

        assertThatThrownBy(() -> small.probe(file, VideoContainer.MATROSKA)).hasMessageContaining("at most 5 frames");
    }

    @Test
    void aStreamThatIsLargerThanItsContainerSaysIsRefusedBeforeItIsDecoded() throws IOException {
        VideoLimits small = new VideoLimits(1 << 20, 32 * 32, 1 << 20, Duration.ofMinutes(1));
        for (String name : List.of("h264.mp4", "av1.mp4", "hevc.mp4")) {
            byte[] file = Videos.read(name);
            int entry = new String(file, StandardCharsets.ISO_8859_1).indexOf("stsd") + 12; // its first entry
            ByteBuffer.wrap(file).putShort(entry + 32, (short) 32).putShort(entry + 34, (short) 32);

            assertThat(Videos.digests(file, small).<ErrorCode>fold(digests -> EngineCode.SERVER_ERROR, Rejection::code))
                    .as(name)
                    .isEqualTo(MediaCode.VIDEO_TOO_LARGE);
        }
    }

    @Test
    void aTakersExceptionComesThroughAndTheNextFileIsDecoded() throws Exception {
        byte[] file = Videos.read("h264.mp4");

        assertThatThrownBy(() -> DECODER.decode(file, VideoContainer.MP4, List.of(0), picture -> {
                    throw new IllegalStateException("taker");
                }))
                .hasMessage("taker");
        assertThat(DECODER.probe(file, VideoContainer.MP4).frames()).isEqualTo(12);
    }

    private static Expected expected(String name) throws IOException {
        return Videos.expected().stream()
                .filter(expected -> expected.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
