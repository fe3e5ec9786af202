package io.sparkvlm.preprocessing.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.preprocessing.image.ImageDecoder;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what transformers made of the same pictures (patch_digests.py wrote the expectations). */
class ReferencePatchesTest {
    private static final ImageInspector INSPECTOR = new ImageInspector(MediaLimits.DEFAULT);
    private static final ImageDecoder DECODER = new ImageDecoder();

    record Expected(
            String checkpoint, String name, List<String> files, PixelBounds bounds, PatchGrid grid, String sha256) {
        static Expected parse(String checkpoint, String line) {
            String[] field = line.split("\t", -1);
            List<String> files = List.of(field[2].split(" ", -1));
            PixelBounds bounds = field[1].equals("video")
                    ? PixelBounds.videoFrame(files.size() + files.size() % 2)
                    : new PixelBounds(Long.parseLong(field[3]), Long.parseLong(field[4]));
            PatchGrid grid =
                    new PatchGrid(Integer.parseInt(field[5]), Integer.parseInt(field[6]), Integer.parseInt(field[7]));
            return new Expected(checkpoint, field[0], files, bounds, grid, field[8]);
        }

        @Override
        public String toString() {
            return checkpoint + " " + name + " " + files;
        }
    }

    static Stream<Expected> expected() {
        return Stream.of("tied", "untied").flatMap(checkpoint -> new String(
                        read("reference/" + checkpoint + "/expected/patches.tsv"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> Expected.parse(checkpoint, line))
                .filter(expected ->
                        !expected.files().get(0).endsWith(".mp4"))); // ReferenceRowsTest has the video files
    }

    @ParameterizedTest
    @MethodSource("expected")
    void patchesAreTransformersPatches(Expected expected) {
        List<RgbImage> frames = expected.files().stream()
                .map(file -> decode(read("reference/" + expected.checkpoint() + "/media/" + file)))
                .toList();
        ResizedSize size = SmartResize.fit(frames.get(0).width(), frames.get(0).height(), expected.bounds());

        VisionEncoder encoder = new VisionEncoder(size, frames.size());
        frames.forEach(encoder::accept);
        EncodedVision encoded = encoder.encoded();

        assertThat(VisionEncoder.gridOf(size, frames.size())).isEqualTo(expected.grid());
        assertThat(encoded.grid()).isEqualTo(expected.grid());
        assertThat(Pictures.sha256(encoded.patches())).isEqualTo(expected.sha256());
    }

    private static RgbImage decode(byte[] bytes) {
        return INSPECTOR
                .inspect(new FetchedFile(bytes, "ref"), Pictures.REFERENCE)
                .flatMap(image -> Pictures.decode(DECODER, image))
                .fold(image -> image, rejection -> {
                    throw new AssertionError(rejection.message());
                });
    }

    private static byte[] read(String name) {
        try {
            return Pictures.read(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
