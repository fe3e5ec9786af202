package io.sparkvlm.preprocessing.image.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.preprocessing.media.RgbImage;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PngCodecTest {
    @Test
    void whatIsReadEqualsWhatWasWritten() {
        for (int[] size : new int[][] {{28, 28}, {56, 28}, {28, 140}, {1, 1}}) {
            byte[] rgb = new byte[3 * size[0] * size[1]];
            new Random(7).nextBytes(rgb);

            RgbImage read = PngCodec.decode(PngCodec.encode(new RgbImage(size[0], size[1], rgb)));

            assertThat(read.width()).isEqualTo(size[0]);
            assertThat(read.height()).isEqualTo(size[1]);
            assertThat(read.rgb()).isEqualTo(rgb);
        }
    }

    @Test
    void otherBytesAreNoPictureOfOurs() {
        assertThatThrownBy(() -> PngCodec.decode(new byte[40])).isInstanceOf(IllegalArgumentException.class);
    }
}
