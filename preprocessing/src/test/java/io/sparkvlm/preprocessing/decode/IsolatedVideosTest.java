package io.sparkvlm.preprocessing.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.task.ProbeTask;
import io.sparkvlm.preprocessing.decode.task.VideoTask;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.Videos;
import io.sparkvlm.preprocessing.video.Videos.Expected;
import io.sparkvlm.preprocessing.video.container.VideoInspector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Children count and decode frames as this process does, and refuse what it refuses. */
class IsolatedVideosTest {
    private static final VideoLimits LIMITS = new VideoLimits(1 << 20, 1 << 20, 10_000, Duration.ofMinutes(1));

    private static MediaDecoder decoder;

    @BeforeAll
    static void open() throws IOException {
        decoder = DecoderIsolation.CHILD_PROCESSES.open(MediaLimits.DEFAULT);
    }

    @AfterAll
    static void close() {
        decoder.close();
    }

    @Test
    void framesAreThoseOfThisProcess() throws IOException {
        for (Expected expected : Videos.expected()) {
            byte[] file = Videos.read(expected.name());
            assertThat(digests(file)).as(expected.name()).isEqualTo(Videos.digests(file, LIMITS));
        }
    }

    @Test
    void whatIsDamagedIsRefusedInTheSameWords() throws IOException {
        List<Expected> files = Videos.expected();
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 300; i++) {
            byte[] file = Videos.read(files.get(i % files.size()).name()).clone();
            for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
                file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(digests(file)).isEqualTo(Videos.digests(file, LIMITS));
        }
    }

    private static Outcome<List<String>> digests(byte[] file) {
        List<String> digests = new ArrayList<>();
        return new VideoInspector(LIMITS)
                .inspect(new FetchedFile(file, "ref"), Videos.REFERENCE)
                .flatMap(video -> decoder.decode(new ProbeTask(video, LIMITS), Videos.REFERENCE, picture -> {})
                        .flatMap(stream -> decoder.decode(
                                new VideoTask(
                                        video,
                                        LIMITS,
                                        stream.width(),
                                        stream.height(),
                                        Videos.numbers(stream.frames())),
                                Videos.REFERENCE,
                                picture -> digests.add(Videos.digest(picture))))
                        .map(frames -> digests));
    }
}
