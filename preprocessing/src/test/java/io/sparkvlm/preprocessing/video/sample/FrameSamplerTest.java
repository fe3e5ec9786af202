package io.sparkvlm.preprocessing.video.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.video.VideoStream;
import io.sparkvlm.preprocessing.video.Videos;
import io.sparkvlm.preprocessing.video.sample.FrameChoice.Count;
import io.sparkvlm.preprocessing.video.sample.FrameChoice.PerSecond;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class FrameSamplerTest {
    private static final String PATH = "messages[0].content[0].video_url";

    @Test
    void takesTheFramesThatQwenVlUtilsTakes() throws IOException {
        String table = new String(Videos.read("sampling.tsv"), StandardCharsets.UTF_8);
        SoftAssertions softly = new SoftAssertions();

        for (String line : table.split("\n", -1)) {
            if (!line.isEmpty()) {
                String[] field = line.split("\t", -1);
                softly.assertThat(taken(field)).as(line).isEqualTo(field[8]);
            }
        }

        softly.assertAll();
    }

    @Test
    void oneFrameIsRepeated() {
        VideoStream one = new VideoStream(28, 28, 1, OptionalDouble.empty(), 1);

        assertThat(FrameSampler.sample(one, choice(new Count(8)))).isEqualTo(Outcome.ok(List.of(0, 0)));
        assertThat(FrameSampler.sample(one, choice(new PerSecond(2, 4, OptionalInt.empty()))))
                .isEqualTo(Outcome.ok(List.of(0, 0)));
    }

    @Test
    void aVideoWithoutTimesIsSampledByCountOnly() {
        VideoStream timeless = new VideoStream(28, 28, 9, OptionalDouble.empty(), 1);

        assertThat(FrameSampler.sample(timeless, choice(new Count(2)))).isEqualTo(Outcome.ok(List.of(0, 8)));
        Rejection rejection = FrameSampler.sample(timeless, choice(new PerSecond(2, 4, OptionalInt.empty())))
                .fold(
                        frames -> {
                            throw new AssertionError("sampled: " + frames);
                        },
                        found -> found);
        assertThat(rejection.param()).contains(PATH + ".fps");
        assertThat(rejection.message()).contains("use nframes");
    }

    private static FrameChoice choice(FrameChoice.Rate rate) {
        return new FrameChoice(rate, OptionalDouble.empty(), OptionalDouble.empty(), PATH);
    }

    private static String taken(String[] field) {
        VideoStream stream =
                new VideoStream(28, 28, Integer.parseInt(field[0]), OptionalDouble.of(Double.parseDouble(field[1])), 1);
        FrameChoice.Rate rate = field[3].equals("-")
                ? new PerSecond(
                        decimal(field[2]).orElse(FrameSampler.FRAMES_PER_SECOND_DEFAULT),
                        integer(field[4]).orElse(FrameSampler.MIN_FRAMES_DEFAULT),
                        integer(field[5]))
                : new Count(Integer.parseInt(field[3]));
        return FrameSampler.sample(stream, new FrameChoice(rate, decimal(field[6]), decimal(field[7]), PATH))
                .fold(FrameSamplerTest::shown, rejection -> "refused");
    }

    /** As sample_frames.py writes them. */
    private static String shown(List<Integer> frames) {
        String numbers = frames.stream().map(String::valueOf).collect(Collectors.joining(" "));
        return frames.size() > 16
                ? Pictures.sha256(numbers.getBytes(StandardCharsets.UTF_8)).substring(0, 16)
                : numbers;
    }

    private static OptionalDouble decimal(String field) {
        return field.equals("-") ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(field));
    }

    private static OptionalInt integer(String field) {
        return field.equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(field));
    }
}
