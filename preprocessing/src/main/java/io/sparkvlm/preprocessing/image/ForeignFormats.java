package io.sparkvlm.preprocessing.image;

import static io.sparkvlm.preprocessing.image.format.FileStart.startsWith;
import static io.sparkvlm.preprocessing.image.format.FileStart.textAt;

import java.util.List;
import java.util.Locale;

/** Names the formats of files that are not read, from their first bytes. */
final class ForeignFormats {
    private static final int ISO_BRAND_AT = 8;
    private static final int TEXT_PROBE_BYTES = 256;

    /** Types that are known and not read. */
    private static final List<Foreign> FOREIGN = List.of(
            new Foreign("TIFF", "II*\0"),
            new Foreign("TIFF", "MM\0*"),
            new Foreign("BigTIFF", "II+\0"),
            new Foreign("BigTIFF", "MM\0+"),
            new Foreign("PDF", "%PDF"),
            new Foreign("PostScript", "%!PS"),
            new Foreign("Photoshop", "8BPS"),
            new Foreign("JPEG 2000", "\0\0\0\fjP  "),
            new Foreign("JPEG 2000", "\u00ffO\u00ffQ"),
            new Foreign("JPEG XL", "\u00ff\n"),
            new Foreign("JPEG XL", "\0\0\0\fJXL "),
            new Foreign("ICO", "\0\0\u0001\0"),
            new Foreign("QOI", "qoif"),
            new Foreign("DDS", "DDS "),
            new Foreign("OpenEXR", "v/1\u0001"),
            new Foreign("WebM or Matroska", "\u001aE\u00df\u00a3"),
            new Foreign("gzip", "\u001f\u008b"),
            // https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
            new Foreign("Git LFS pointer (\"git lfs pull\" fetches the file)", "version https://git-lfs"),
            new Foreign("ZIP", "PK\u0003\u0004"));

    private ForeignFormats() {}

    private record Foreign(String name, String prefix) {}

    /** What a file that is not read looks like, as a person would call it. */
    static String describe(byte[] bytes) {
        for (Foreign foreign : FOREIGN) {
            if (startsWith(bytes, foreign.prefix())) {
                return foreign.name();
            }
        }
        if (textAt(bytes, 4, 4).equals("ftyp")) {
            return isoMedia(textAt(bytes, ISO_BRAND_AT, 4));
        }
        if (startsWith(bytes, "RIFF")) {
            return textAt(bytes, 8, 4).equals("AVI ") ? "AVI" : "RIFF without a WebP picture";
        }
        if (startsWith(bytes, "P") && bytes.length > 2 && bytes[1] >= '1' && bytes[1] <= '7' && bytes[2] <= ' ') {
            return "portable anymap (PNM)";
        }
        return textual(textAt(bytes, 0, TEXT_PROBE_BYTES));
    }

    private static String isoMedia(String brand) {
        return switch (brand) {
            case "avif", "avis" -> "AVIF";
            case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1" -> "HEIC";
            default -> "MP4 or QuickTime";
        };
    }

    private static String textual(String start) {
        String text = start.replace("\u00ef\u00bb\u00bf", "").strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("<svg") || (text.startsWith("<?xml") && text.contains("<svg"))) {
            return "SVG";
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return "HTML";
        }
        if (text.startsWith("<?xml")) {
            return "XML";
        }
        if (text.startsWith("{") || text.startsWith("[")) {
            return "JSON";
        }
        return "unknown";
    }
}
