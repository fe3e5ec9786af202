package io.sparkvlm.preprocessing.image.format;

import io.sparkvlm.preprocessing.media.Orientation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out how a picture is turned from the metadata of its file: EXIF's orientation, or XMP's where EXIF has none, as
 * Pillow's {@code exif_transpose}. Metadata that cannot be read are passed over and spoil nothing. Used by one thread.
 */
public final class OrientationFinder {
    private static final Pattern XMP_ORIENTATION = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");
    private static final String EXIF_PREFIX = "Exif\0\0";
    private static final String XMP_PREFIX = "http://ns.adobe.com/xap/1.0/\0";

    /** Grows as it is written to: a file may have millions of segments. */
    private final ByteArrayOutputStream exif = new ByteArrayOutputStream();

    private boolean hasExif;
    private Optional<byte[]> exifAsText = Optional.empty();
    private Optional<Orientation> inXmp = Optional.empty();

    public Orientation orientation() {
        return (hasExif ? Optional.of(exif.toByteArray()) : exifAsText)
                .map(OrientationFinder::withoutPrefixes)
                .filter(tiff -> tiff.length > 0)
                .flatMap(ExifOrientation::read)
                .or(() -> inXmp)
                .orElse(Orientation.UPRIGHT);
    }

    /** Reads the APP1 segment of a JPEG, which is EXIF, more of the EXIF before it, XMP or something else. */
    public void readApp1(byte[] bytes, int start, int end) {
        if (startsWith(bytes, start, end, EXIF_PREFIX)) {
            int from = start + EXIF_PREFIX.length();
            exif.write(bytes, from, end - from);
            hasExif = true;
        } else if (startsWith(bytes, start, end, XMP_PREFIX)) {
            readXmp(bytes, start, end);
        }
    }

    /** Reads a block of EXIF, with or without its prefix, which stands for any before it. */
    public void readExif(byte[] bytes, int start, int end) {
        exif.reset();
        exif.write(bytes, start, end - start);
        hasExif = true;
    }

    /** Reads a block of EXIF that a PNG keeps as text; it counts where the file has no other. */
    public void readExifText(byte[] value) {
        exifAsText = Optional.of(value);
    }

    public void readXmp(byte[] bytes, int start, int end) {
        Matcher matcher = XMP_ORIENTATION.matcher(text(bytes, start, end));
        inXmp = matcher.find() ? Optional.of(Orientation.ofExif(Integer.parseInt(matcher.group(1)))) : Optional.empty();
    }

    /** Pillow takes off two. */
    private static byte[] withoutPrefixes(byte[] block) {
        int tiff = 0;
        for (int i = 0; i < 2 && startsWith(block, tiff, block.length, EXIF_PREFIX); i++) {
            tiff += EXIF_PREFIX.length();
        }
        return Arrays.copyOfRange(block, tiff, block.length);
    }

    private static boolean startsWith(byte[] bytes, int start, int end, String prefix) {
        return text(bytes, start, Math.min(end, start + prefix.length())).equals(prefix);
    }

    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
