package io.sparkvlm.preprocessing.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.PatchGeometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmartResizeTest {
    /** The expectations are transformers' own, from smart_resize(height, width, 28, min, max). */
    @ParameterizedTest
    @CsvSource({
        "640, 480, 3136, 1003520, 644, 476",
        "42, 70, 3136, 1003520, 56, 56",
        "4000, 3000, 3136, 1003520, 1148, 840",
        "1, 1, 3136, 1003520, 56, 56",
        "13, 13, 3136, 1003520, 56, 56",
        "10, 2000, 3136, 1003520, 28, 812",
        "2000, 10, 3136, 1003520, 812, 28",
        "1000, 10, 3136, 1003520, 560, 28",
        "28, 28, 784, 784, 28, 28",
        "1920, 1080, 3136, 12845056, 1932, 1092",
        "16000, 9000, 3136, 12845056, 4760, 2688",
        "98, 98, 3136, 1003520, 112, 112",
        "126, 126, 3136, 1003520, 112, 112"
    })
    void givesTransformersSizes(int width, int height, long min, long max, int fittedWidth, int fittedHeight) {
        assertThat(SmartResize.fit(width, height, new PixelBounds(min, max), PatchGeometry.QWEN2_VL))
                .isEqualTo(new ResizedSize(fittedWidth, fittedHeight));
    }

    @Test
    void sizesOfPicturesThatWereNotInspectedAreABug() {
        assertThatThrownBy(() -> SmartResize.fit(2001, 10, PixelBounds.IMAGE_DEFAULT, PatchGeometry.QWEN2_VL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2001 x 10");
    }

    @Test
    void framesShareTheVideosBudget() {
        assertThat(PixelBounds.videoFrame(2)).isEqualTo(new PixelBounds(128 * 784, 768 * 784));
        assertThat(PixelBounds.videoFrame(768)).isEqualTo(new PixelBounds(128 * 784, 300 * 784));
        assertThat(PixelBounds.videoFrame(768, 128 * 784, 784_000)).isEqualTo(new PixelBounds(128 * 784, 105_369));
    }
}
