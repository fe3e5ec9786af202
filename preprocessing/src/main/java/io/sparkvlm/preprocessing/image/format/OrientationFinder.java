package io.sparkvlm.preprocessing.image.format;

import io.sparkvlm.preprocessing.media.Orientation;
import java.nio.charset.StandardCharsets;
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

    private Optional<Orientation> inExif = Optional.empty();
    private Optional<Orientation> inExifAsText = Optional.empty();
    private boolean hasExif;
    private Optional<Orientation> inXmp = Optional.empty();

    public Orientation orientation() {
        return (hasExif ? inExif : inExifAsText).or(() -> inXmp).orElse(Orientation.UPRIGHT);
    }

    /** Reads the APP1 segment of a JPEG, which is EXIF, XMP or something else. */
    public void readApp1(byte[] bytes, int start, int end) {
        if (startsWith(bytes, start, end, EXIF_PREFIX)) {
            readExif(bytes, start, end);
        } else if (startsWith(bytes, start, end, XMP_PREFIX)) {
            readXmp(bytes, start, end);
        }
    }

    /** Reads a block of EXIF, with or without its prefix; the first orientation counts. */
    public void readExif(byte[] bytes, int start, int end) {
        int tiff = startsWith(bytes, start, end, EXIF_PREFIX) ? start + EXIF_PREFIX.length() : start;
        inExif = inExif.or(() -> ExifOrientation.read(bytes, tiff, end));
        hasExif = true;
    }

    /** Reads a block of EXIF that a PNG keeps as text; it counts where the file has no other. */
    public void readExifText(byte[] value) {
        OrientationFinder exif = new OrientationFinder();
        exif.readExif(value, 0, value.length);
        inExifAsText = exif.inExif;
    }

    public void readXmp(byte[] bytes, int start, int end) {
        Matcher matcher = XMP_ORIENTATION.matcher(text(bytes, start, end));
        if (matcher.find()) {
            inXmp = Optional.of(Orientation.ofExif(Integer.parseInt(matcher.group(1))));
        }
    }

    private static boolean startsWith(byte[] bytes, int start, int end, String prefix) {
        return text(bytes, start, Math.min(end, start + prefix.length())).equals(prefix);
    }

    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
