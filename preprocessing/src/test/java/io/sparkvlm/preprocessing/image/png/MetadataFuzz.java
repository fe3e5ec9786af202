package io.sparkvlm.preprocessing.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.image.format.OrientationFinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Whatever their bytes, metadata turn a picture or say nothing. A fuzzer, or a test, brings them. */
public final class MetadataFuzz {
    private MetadataFuzz() {}

    public static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String text : new String[] {
            "Exif\0\0II*\0\b\0\0\0\u0001\0\u0012\u0001\u0003\0\u0001\0\0\0\u0006\0\0\0\0\0\0\0",
            "Exif\0\0MM\0*\0\0\0\b\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\b\0\0\0\0\0\0",
            "http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation=\"3\"/>",
            "\nexif\n      34\n45786966000049492a00080000000100120103000100000006000000"
        }) {
            seeds.add(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return seeds;
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        OrientationFinder finder = new OrientationFinder();
        finder.readApp1(bytes, 0, bytes.length);
        finder.readExif(bytes, 0, bytes.length);
        finder.readXmp(bytes, 0, bytes.length);
        for (String chunk : new String[] {"tEXt", "zTXt", "iTXt"}) {
            for (String keyword :
                    new String[] {"", "XML:com.adobe.xmp\0", "Raw profile type exif\0", "Raw profile type exif\0\0"}) {
                byte[] text = (keyword + new String(bytes, StandardCharsets.ISO_8859_1))
                        .getBytes(StandardCharsets.ISO_8859_1);
                PngText.read(chunk, text, 0, text.length).ifPresent(meant -> meant.tell(finder));
            }
        }
        assertThat(finder.orientation()).isNotNull();
    }
}
