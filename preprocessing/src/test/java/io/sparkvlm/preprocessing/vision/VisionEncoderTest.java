package io.sparkvlm.preprocessing.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VisionEncoderTest {
    private static final int PLANE = 14 * 14;
    private static final ResizedSize SIZE = new ResizedSize(84, 56);

    @Test
    void patchesLieInBlocksOfTwoByTwoThenByChannelAndTime() {
        RgbImage image = numbered(84, 56);

        EncodedVision encoded = encode(List.of(image), SIZE);

        assertThat(encoded.grid()).isEqualTo(new PatchGrid(1, 4, 6, PatchGeometry.QWEN2_VL));
        // The sixth patch is the second of the second block: row 0, column 3 of the grid.
        int patch = 5 * PatchGeometry.QWEN2_VL.patchBytes();
        for (int channel = 0; channel < 3; channel++) {
            for (int slot = 0; slot < 2; slot++) {
                int at = patch + (channel * 2 + slot) * PLANE + 14 * 2 + 7; // row 2, column 7 of the patch
                assertThat(encoded.patches()[at]).isEqualTo(image.rgb()[(2 * 84 + 3 * 14 + 7) * 3 + channel]);
            }
        }
    }

    @Test
    void oddCountOfFramesRepeatsTheLast() {
        RgbImage first = numbered(84, 56);
        RgbImage last = plain(84, 56, 200);

        EncodedVision three = encode(List.of(first, first, last), SIZE);
        EncodedVision four = encode(List.of(first, first, last, last), SIZE);

        assertThat(three.grid()).isEqualTo(new PatchGrid(2, 4, 6, PatchGeometry.QWEN2_VL));
        assertThat(three.patches()).isEqualTo(four.patches());
    }

    @Test
    void takesItsPlaceInAPrompt() {
        VisionInput input = encode(List.of(plain(84, 56, 7)), SIZE).at(15, "hash");

        assertThat(input.firstToken()).isEqualTo(15);
        assertThat(input.tokens()).isEqualTo(6);
    }

    @Test
    void videoWithoutFramesIsABug() {
        assertThatThrownBy(() -> encode(List.of(), SIZE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesAsManyFramesAsItWasMadeFor() {
        VisionEncoder encoder = encoder(SIZE, 2);
        encoder.accept(plain(84, 56, 7));

        assertThatThrownBy(encoder::encoded).hasMessageContaining("found 1");
        encoder.accept(plain(84, 56, 7));
        assertThatThrownBy(() -> encoder.accept(plain(84, 56, 7))).hasMessageContaining("one more");
    }

    @Test
    void threadsEncodeSideBySide() {
        RgbImage image = numbered(333, 211);
        byte[] alone = encode(List.of(image), SIZE).patches();

        List<byte[]> together = IntStream.range(0, 64)
                .parallel()
                .mapToObj(i -> encode(List.of(image), SIZE).patches())
                .toList();

        assertThat(together).allSatisfy(patches -> assertThat(patches).isEqualTo(alone));
    }

    private static EncodedVision encode(List<RgbImage> frames, ResizedSize size) {
        VisionEncoder encoder = encoder(size, frames.size());
        frames.forEach(encoder::accept);
        return encoder.encoded();
    }

    private static VisionEncoder encoder(ResizedSize size, int frames) {
        return new VisionEncoder(VisionEncoder.gridOf(PatchGeometry.QWEN2_VL, size, frames), frames);
    }

    private static RgbImage numbered(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) ((i * 31) ^ (i >> 7));
        }
        return new RgbImage(width, height, rgb);
    }

    private static RgbImage plain(int width, int height, int value) {
        byte[] rgb = new byte[3 * width * height];
        Arrays.fill(rgb, (byte) value);
        return new RgbImage(width, height, rgb);
    }
}
