package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.Messages;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.Videos;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whatever its bytes, a file passes for a video or ends in an error. Only its structure is read, in Java. A fuzzer
 * brings it.
 */
public final class ContainerFuzz {
    private static final VideoInspector INSPECTOR =
            new VideoInspector(new VideoLimits(1 << 20, 1 << 20, 10_000, Duration.ofSeconds(1)));

    private ContainerFuzz() {}

    /** The tests' own videos of one kind, as {@code .webm} and {@code .mkv}. */
    public static List<byte[]> seeds(String... suffixes) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Videos.Expected video : Videos.expected()) {
            if (Stream.of(suffixes).anyMatch(video.name()::endsWith)) {
                seeds.add(Videos.read(video.name()));
            }
        }
        return seeds;
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        INSPECTOR.inspect(new FetchedFile(bytes, "ref"), Videos.REFERENCE).fold(video -> true, rejection -> {
            Messages.assertClean(rejection, new String(bytes, StandardCharsets.ISO_8859_1));
            return false;
        });
    }
}
