package io.sparkvlm.preprocessing.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.PatchGeometry;
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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what transformers made of the same pictures (patch_digests.py and geometry_digests.py wrote it down). */
class ReferencePatchesTest {
    private static final ImageInspector INSPECTOR = new ImageInspector(MediaLimits.DEFAULT);
    private static final ImageDecoder DECODER = new ImageDecoder();

    record Expected(String folder, String name, List<String> files, PixelBounds bounds, PatchGrid grid, String sha256) {
        static Expected ofCheckpoint(String checkpoint, String line) {
            String[] field = line.split("\t", -1);
            List<String> files = files(field[2]);
            PixelBounds bounds = field[1].equals("video")
                    ? PixelBounds.videoFrame(files.size() + files.size() % 2)
                    : bounds(field[3], field[4]);
            PatchGrid grid = grid(Arrays.asList(field).subList(5, 8), PatchGeometry.QWEN2_VL);
            return new Expected(checkpoint, field[0], files, bounds, grid, field[8]);
        }

        static Expected ofGeometry(String line) {
            String[] field = line.split("\t", -1);
            PatchGeometry geometry = new PatchGeometry(number(field[0]), number(field[1]), number(field[2]));
            PixelBounds bounds = field[4].equals("0") ? new PixelBounds(1, Long.MAX_VALUE) : bounds(field[4], field[5]);
            PatchGrid grid = grid(Arrays.asList(field).subList(6, 9), geometry);
            return new Expected("tied", geometry.toString(), files(field[3]), bounds, grid, field[9]);
        }

        private static List<String> files(String field) {
            return List.of(field.split(" ", -1));
        }

        private static PixelBounds bounds(String min, String max) {
            return new PixelBounds(Long.parseLong(min), Long.parseLong(max));
        }

        private static PatchGrid grid(List<String> thw, PatchGeometry geometry) {
            return new PatchGrid(number(thw.get(0)), number(thw.get(1)), number(thw.get(2)), geometry);
        }

        private static int number(String field) {
            return Integer.parseInt(field);
        }

        @Override
        public String toString() {
            return folder + " " + name + " " + files;
        }
    }

    static Stream<Expected> expected() {
        Stream<Expected> published = Stream.of("tied", "untied")
                .flatMap(checkpoint -> lines("reference/" + checkpoint + "/expected/patches.tsv")
                        .map(line -> Expected.ofCheckpoint(checkpoint, line))
                        .filter(expected ->
                                !expected.files().get(0).endsWith(".mp4"))); // ReferenceRowsTest has the video files
        return Stream.concat(published, lines("reference/geometry.tsv").map(Expected::ofGeometry));
    }

    @ParameterizedTest
    @MethodSource("expected")
    void patchesAreTransformersPatches(Expected expected) {
        List<RgbImage> frames = expected.files().stream()
                .map(file -> decode(read("reference/" + expected.folder() + "/media/" + file)))
                .toList();
        PatchGeometry geometry = expected.grid().geometry();
        ResizedSize size = SmartResize.fit(frames.get(0).width(), frames.get(0).height(), expected.bounds(), geometry);
        PatchGrid grid = VisionEncoder.gridOf(geometry, size, frames.size());

        VisionEncoder encoder = new VisionEncoder(grid, frames.size());
        frames.forEach(encoder::accept);
        EncodedVision encoded = encoder.encoded();

        assertThat(grid).isEqualTo(expected.grid());
        assertThat(encoded.grid()).isEqualTo(expected.grid());
        assertThat(Pictures.sha256(encoded.patches())).isEqualTo(expected.sha256());
    }

    private static Stream<String> lines(String name) {
        return new String(read(name), StandardCharsets.UTF_8).lines();
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
