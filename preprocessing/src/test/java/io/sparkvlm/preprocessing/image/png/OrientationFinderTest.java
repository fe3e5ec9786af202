package io.sparkvlm.preprocessing.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.image.format.OrientationFinder;
import io.sparkvlm.preprocessing.media.Orientation;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OrientationFinderTest {
    @Test
    void ofAPngsTextsOnlyXmpTurnsThePicture() {
        String words = "\0\0\0\0\0<tiff:Orientation>6</tiff:Orientation>";

        assertThat(orientation("XML:com.adobe.xmp" + words)).isEqualTo(Orientation.ofExif(6));
        assertThat(orientation("Comment" + words)).isEqualTo(Orientation.UPRIGHT);
        assertThat(orientation("")).isEqualTo(Orientation.UPRIGHT);
    }

    @Test
    void textsThatAreCutOrDoNotUnpackSayNothing() {
        for (String text : new String[] {
            "XML:com.adobe.xmp",
            "XML:com.adobe.xmp\0",
            "XML:com.adobe.xmp\0\1\0\0\0damaged",
            "Raw profile type exif\0\1"
        }) {
            for (String chunk : new String[] {"tEXt", "zTXt", "iTXt"}) {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                OrientationFinder finder = new OrientationFinder();
                PngText.read(chunk, bytes, 0, bytes.length).ifPresent(meant -> meant.tell(finder));

                assertThat(finder.orientation()).as(chunk + text).isEqualTo(Orientation.UPRIGHT);
            }
        }
    }

    private static Orientation orientation(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        OrientationFinder finder = new OrientationFinder();
        PngText.read("iTXt", bytes, 0, bytes.length).ifPresent(meant -> meant.tell(finder));
        return finder.orientation();
    }
}
