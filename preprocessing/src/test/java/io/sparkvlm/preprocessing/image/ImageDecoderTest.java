package io.sparkvlm.preprocessing.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.image.Pictures.Expected;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageDecoderTest {
    private static final ImageInspector INSPECTOR = new ImageInspector(MediaLimits.DEFAULT);
    private static final ImageDecoder DECODER = new ImageDecoder();

    static List<Expected> expected() throws IOException {
        return Pictures.expected();
    }

    @ParameterizedTest
    @MethodSource("expected")
    void decodesToPillowsPixels(Expected expected) throws IOException {
        RgbImage image = decode(Pictures.read("images/" + expected.name())).fold(value -> value, rejection -> {
            throw new AssertionError(rejection.message());
        });

        assertThat(image.width()).isEqualTo(expected.width());
        assertThat(image.height()).isEqualTo(expected.height());
        assertThat(Pictures.sha256(image.rgb())).isEqualTo(expected.sha256());
    }

    static Set<String> damaged() throws IOException {
        return Pictures.damaged().keySet();
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void whatLacksSomethingIsDecodedWherePillowDecodesIt(String name) throws IOException {
        Optional<String> expected =
                Pictures.damaged().get(name).map(it -> it.width() + " x " + it.height() + " " + it.sha256());

        Outcome<RgbImage> outcome = decode(Pictures.read("images/damaged/" + name));

        Optional<String> found = outcome.fold(
                image -> Optional.of(image.width() + " x " + image.height() + " " + Pictures.sha256(image.rgb())),
                rejection -> Optional.empty());
        assertThat(found)
                .as(outcome.fold(image -> "a picture", Rejection::message))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("expected")
    void headerTellsTheUprightSizeBeforeDecoding(Expected expected) throws IOException {
        Outcome<EncodedImage> inspected = INSPECTOR.inspect(
                new FetchedFile(Pictures.read("images/" + expected.name()), "ref"), Pictures.REFERENCE);

        assertThat(inspected.<List<Integer>>fold(
                        image -> List.of(image.header().width(), image.header().height()), rejection -> List.of()))
                .containsExactly(expected.width(), expected.height());
    }

    @ParameterizedTest
    @MethodSource("expected")
    void aStartThatTellsTheHeaderTellsTheSizeOfTheWholeFile(Expected expected) throws IOException {
        byte[] whole = Pictures.read("images/" + expected.name());
        assertThat(ImageInspector.isToldBy(whole)).isTrue();
        List<Integer> sizes = Stream.of(expected.width(), expected.height())
                .sorted() // a WebP's orientation lies behind its pixels
                .toList();
        for (int length = 1; length < whole.length; length += 1 + length / 16) {
            byte[] start = Arrays.copyOf(whole, length);
            if (ImageInspector.isToldBy(start)) {
                assertThat(INSPECTOR
                                .inspect(new FetchedFile(start, "ref", whole.length), Pictures.REFERENCE)
                                .<List<Integer>>fold(
                                        image -> Stream.of(
                                                        image.header().width(),
                                                        image.header().height())
                                                .sorted()
                                                .toList(),
                                        rejection -> List.of()))
                        .as(length + " bytes")
                        .isEqualTo(sizes);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("expected")
    void fileThatIsCutOffIsAnErrorOrWhole(Expected expected) throws IOException {
        byte[] whole = Pictures.read("images/" + expected.name());
        byte[] pixels = decode(whole).fold(RgbImage::rgb, rejection -> new byte[0]);
        for (int cut : cuts(whole.length)) {
            Outcome<RgbImage> outcome = decode(Arrays.copyOf(whole, cut));

            outcome.fold(
                    image -> assertThat(image.rgb()).as("cut at %d", cut).isEqualTo(pixels),
                    rejection -> assertThat(rejection.code())
                            .as("cut at %d: %s", cut, rejection.message())
                            .isIn(
                                    MediaCode.IMAGE_PARSE_ERROR,
                                    MediaCode.EMPTY_IMAGE_FILE,
                                    MediaCode.UNSUPPORTED_IMAGE_MEDIA_TYPE));
        }
    }

    @ParameterizedTest
    @MethodSource("expected")
    void damagedBytesNeverEscapeAsAnException(Expected expected) throws IOException {
        byte[] whole = Pictures.read("images/" + expected.name());
        SplittableRandom random = new SplittableRandom(whole.length);
        for (int attempt = 0; attempt < 40; attempt++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(Math.min(damaged.length, attempt % 2 == 0 ? 64 : damaged.length))] =
                        (byte) random.nextInt();
            }
            // Small limits: a damaged size may ask for a large picture.
            new ImageInspector(new MediaLimits(1 << 20, 1 << 22))
                    .inspect(new FetchedFile(damaged, "ref"), Pictures.REFERENCE)
                    .flatMap(image -> Pictures.decode(DECODER, image))
                    .fold(image -> assertThat(image.rgb()).isNotEmpty(), rejection -> assertThat(rejection.message())
                            .isNotBlank());
        }
    }

    @Test
    void gifCodesBehindAFullTableAreDamage() {
        byte[] gif = HexFormat.of().parseHex("474946383961080008000000002c0000000008000800000c0700100008400108003b");

        String outcome = INSPECTOR
                .inspect(new FetchedFile(gif, "ref"), Pictures.REFERENCE)
                .flatMap(image -> Pictures.decode(DECODER, image))
                .fold(image -> "a picture", rejection -> rejection.code().wireName());

        assertThat(outcome).isEqualTo("image_parse_error");
    }

    @Test
    void messageOfADamagedFrameHasTheVideoFlavourAndItsPlace() throws IOException {
        byte[] whole = Pictures.read("images/444-64.jpg");
        MediaReference frame = new MediaReference("frame", MediaKind.VIDEO, "messages[0].content[1].video_url.url[3]");

        Rejection rejection = INSPECTOR
                .inspect(new FetchedFile(Arrays.copyOf(whole, whole.length / 2), "ref"), frame)
                .flatMap(image -> DECODER.decode(
                        image.header(),
                        image.bytes(),
                        frame,
                        ByteBuffer.allocateDirect(image.header().rgbBytes())))
                .fold(
                        image -> {
                            throw new AssertionError("a cut file was taken");
                        },
                        found -> found);

        assertThat(rejection.code()).isEqualTo(MediaCode.VIDEO_PARSE_ERROR);
        assertThat(rejection.param()).contains("messages[0].content[1].video_url.url[3]");
        assertThat(rejection.message()).contains("cut off").contains("end-of-image marker");
    }

    private static Outcome<RgbImage> decode(byte[] bytes) {
        return INSPECTOR
                .inspect(new FetchedFile(bytes, "ref"), Pictures.REFERENCE)
                .flatMap(image -> Pictures.decode(DECODER, image));
    }

    private static int[] cuts(int length) {
        return IntStream.concat(
                        IntStream.of(
                                0,
                                1,
                                2,
                                3,
                                5,
                                8,
                                12,
                                13,
                                20,
                                30,
                                33,
                                40,
                                length - 1,
                                length - 2,
                                length - 4,
                                length - 12),
                        IntStream.range(1, 24).map(i -> (int) ((long) length * i / 24)))
                .filter(cut -> cut >= 0 && cut < length)
                .toArray();
    }
}
