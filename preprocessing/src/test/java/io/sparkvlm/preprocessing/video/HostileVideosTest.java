package io.sparkvlm.preprocessing.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.preprocessing.video.Videos.Expected;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged videos are decoded, or refused in the contract's words, and nothing else. */
class HostileVideosTest {
    private static final int MUTATIONS = 2_000;
    /** Small, because a damaged size may ask for a large picture, and a damaged count for many. */
    private static final VideoLimits LIMITS = new VideoLimits(1 << 20, 1 << 20, 10_000, Duration.ofMinutes(1));

    private static final Set<ErrorCode> DECLARED = Set.of(
            MediaCode.VIDEO_PARSE_ERROR,
            MediaCode.VIDEO_TOO_LARGE,
            MediaCode.VIDEO_NO_STREAM,
            MediaCode.VIDEO_NO_FRAMES,
            MediaCode.EMPTY_VIDEO_FILE,
            MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE,
            MediaCode.INVALID_VIDEO_ASPECT_RATIO);

    static List<Expected> expected() throws IOException {
        return Videos.expected();
    }

    @ParameterizedTest
    @MethodSource("expected")
    void aFileThatIsCutOffIsRefusedOrWhole(Expected expected) throws IOException {
        byte[] whole = Videos.read(expected.name());
        for (int i = 0; i < 40; i++) {
            int cut = i < 8 ? i * 7 : (int) ((long) whole.length * i / 40);
            Videos.digests(Arrays.copyOf(whole, cut), LIMITS)
                    .fold(
                            digests -> assertThat(digests).as("cut at %d", cut).isSubsetOf(expected.digests()),
                            rejection -> assertThat(rejection.code())
                                    .as("cut at %d: %s", cut, rejection.message())
                                    .isIn(DECLARED));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h264-fast-start.mp4", "h264.mkv", "mpeg4.avi", "vp9.webm"})
    void aDownloadThatBrokeOffIsRefusedWhereverItDid(String name) throws IOException {
        byte[] whole = Videos.read(name);
        int end = new String(whole, StandardCharsets.ISO_8859_1).indexOf("idx1"); // an AVI's frames are all before it
        for (int cut = (end < 0 ? whole.length : end) - 1; cut > 0; cut -= 97) {
            assertThat(Videos.digests(Arrays.copyOf(whole, cut), LIMITS)
                            .<Boolean>fold(digests -> false, refused -> true))
                    .as("cut at %d of %d", cut, whole.length)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h264.mp4, 00000004",
        "h264-fragmented.mp4, 3A2D06F523A39F21",
        "h264-b-frames.mp4, 0000000000000000",
        "mpeg4.avi, 3030646300FFFF6D00",
    })
    void whatLiesBehindAWholeFileIsNoPartOfIt(String name, String junk) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(Videos.read(name));
        file.writeBytes(HexFormat.of().parseHex(junk));

        assertThat(Videos.digests(file.toByteArray(), LIMITS)).isEqualTo(Videos.digests(Videos.read(name), LIMITS));
    }

    @Test
    void mutationsAreDecodedOrRefusedInDeclaredWords() throws IOException {
        List<Expected> files = Videos.expected();
        SplittableRandom random = new SplittableRandom(20250917);
        int decoded = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Expected file = files.get(i % files.size());
            byte[] damaged = mutated(Videos.read(file.name()), random);
            int attempt = i;
            decoded += Videos.digests(damaged, LIMITS).fold(digests -> 1, rejection -> {
                assertThat(rejection.code())
                        .as("mutation %d of %s: %s", attempt, file.name(), rejection.message())
                        .isIn(DECLARED);
                assertThat(rejection.message()).isNotBlank().doesNotContain("Exception");
                return 0;
            });
        }
        // Both happen, or the mutations are too mild or too wild to say anything.
        assertThat(decoded).isBetween(MUTATIONS / 10, MUTATIONS * 9 / 10);
    }

    /** Flips bits, writes numbers that lengths are afraid of, cuts, and repeats what is there. */
    private static byte[] mutated(byte[] file, SplittableRandom random) {
        byte[] damaged = file.clone();
        int reach = random.nextBoolean() ? Math.min(damaged.length, 900) : damaged.length;
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int at = random.nextInt(reach);
            switch (random.nextInt(5)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt();
                case 2 -> Arrays.fill(damaged, at, Math.min(at + 4, damaged.length), (byte) 0xFF);
                case 3 -> Arrays.fill(damaged, at, Math.min(at + 4, damaged.length), (byte) 0);
                default -> {
                    int from = random.nextInt(damaged.length);
                    int count = Math.min(random.nextInt(1, 64), damaged.length - Math.max(from, at));
                    System.arraycopy(file, from, damaged, at, count);
                }
            }
        }
        return damaged;
    }
}
