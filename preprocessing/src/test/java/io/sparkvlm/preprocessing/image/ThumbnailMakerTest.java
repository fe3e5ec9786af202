package io.sparkvlm.preprocessing.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.media.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class ThumbnailMakerTest {
    private final ThumbnailMaker maker = new ThumbnailMaker(160);

    @Test
    void shrinksTheLongerSideToItsBoundAndKeepsTheShape() throws IOException {
        Thumbnail wide = maker.of(red(640, 320));
        assertThat(wide.width()).isEqualTo(160);
        assertThat(wide.height()).isEqualTo(80);
        BufferedImage drawn = drawn(wide);
        assertThat(drawn.getWidth()).isEqualTo(160);
        assertThat(drawn.getRGB(80, 40)).isEqualTo(0xFF_FF_00_00);
        assertThat(maker.of(red(1, 2000)).width()).isEqualTo(1);
    }

    @Test
    void leavesASmallPictureAtItsSize() {
        assertThat(maker.of(red(84, 30)).width()).isEqualTo(84);
    }

    @Test
    void takesTheSmallerOfPngAndJpeg() {
        byte[] noise = new byte[3 * 300 * 300];
        new Random(1).nextBytes(noise);
        assertThat(maker.of(red(300, 300)).mediaType()).isEqualTo("image/png");
        assertThat(maker.of(new RgbImage(300, 300, noise)).mediaType()).isEqualTo("image/jpeg");
    }

    private static RgbImage red(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) 255;
        }
        return new RgbImage(width, height, rgb);
    }

    private static BufferedImage drawn(Thumbnail thumbnail) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(thumbnail.bytes()));
    }
}
