package io.sparkvlm.preprocessing.video;

import static java.util.Objects.requireNonNull;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.video.container.VideoInspector;
import io.sparkvlm.preprocessing.video.ffmpeg.VideoDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The videos of the tests, and what PyAV makes of them. Written by {@code make_videos.py} and
 * {@code make_tracks.py}. */
public final class Videos {
    public static final MediaReference REFERENCE =
            new MediaReference("url", MediaKind.VIDEO, "messages[0].content[0].video_url.url");

    private Videos() {}

    /**
     * What PyAV makes of one file.
     *
     * @param digests the start of each upright frame's SHA-256
     */
    public record Expected(String name, int width, int height, double framesPerSecond, List<String> digests) {
        static Expected parse(String line) {
            String[] field = line.split("\t", -1);
            return new Expected(
                    field[0],
                    Integer.parseInt(field[1]),
                    Integer.parseInt(field[2]),
                    Double.parseDouble(field[3]),
                    List.of(field[5].split(" ", -1)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public static List<Expected> expected() throws IOException {
        return expected("expected.tsv");
    }

    /** The files of several video tracks, and what PyAV makes of the one that it takes for the best. */
    public static List<Expected> ofSeveralTracks() throws IOException {
        return expected("tracks/expected.tsv");
    }

    private static List<Expected> expected(String list) throws IOException {
        return new String(read(list), StandardCharsets.UTF_8)
                .lines()
                .map(Expected::parse)
                .toList();
    }

    public static byte[] read(String name) throws IOException {
        return requireNonNull(Pictures.read("videos/" + name));
    }

    public static VideoContainer container(String name) throws IOException {
        return new VideoInspector(VideoLimits.DEFAULT)
                .inspect(new FetchedFile(read(name), name), REFERENCE)
                .fold(video -> video.container(), rejection -> {
                    throw new AssertionError(rejection.message());
                });
    }

    public static List<Integer> numbers(int frames) {
        return IntStream.range(0, frames).boxed().toList();
    }

    /** Inspects, probes and decodes as a row does. */
    public static Outcome<List<String>> digests(byte[] file, VideoLimits limits) {
        VideoDecoder decoder = new VideoDecoder(limits);
        return new VideoInspector(limits)
                .inspect(new FetchedFile(file, "ref"), REFERENCE)
                .flatMap(video -> {
                    try {
                        VideoContainer container = video.container();
                        VideoStream stream = decoder.probe(file, container);
                        List<String> digests = new ArrayList<>();
                        decoder.decode(
                                file, container, numbers(stream.frames()), picture -> digests.add(digest(picture)));
                        return Outcome.ok(digests);
                    } catch (UnreadableVideoException e) {
                        return REFERENCE.rejected(e.fault(), e.getMessage());
                    }
                });
    }

    public static String digest(RgbImage picture) {
        return Pictures.sha256(picture.rgb()).substring(0, 16);
    }
}
