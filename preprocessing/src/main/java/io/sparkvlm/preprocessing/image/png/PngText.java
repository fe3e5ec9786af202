package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.OrientationFinder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A text chunk of a PNG that tells how the picture is turned: XMP, or the EXIF that ImageMagick writes as text. Other
 * texts are not unpacked.
 *
 * @param meaning of the value
 * @param value unpacked
 */
record PngText(Meaning meaning, byte[] value) {
    enum Meaning {
        XMP,
        EXIF
    }

    /** XMP part 3, 1.1.5. */
    private static final String XMP_KEYWORD = "XML:com.adobe.xmp";

    private static final String EXIF_KEYWORD = "Raw profile type exif";
    /** PngImagePlugin.MAX_TEXT_CHUNK. */
    private static final int MAX_UNPACKED_BYTES = 1 << 20;

    /** PNG specification, 11.3.3.2, and the zero behind it. */
    private static final int MAX_KEYWORD_BYTES = 80;
    /** ImageMagick's profile begins with an empty line, its name and its length. */
    private static final int LINES_BEFORE_HEXADECIMAL = 3;

    /** Reads a tEXt, zTXt or iTXt chunk; nothing where it is about something else, or damaged. */
    static Optional<PngText> read(String chunk, byte[] bytes, int start, int end) {
        int keywordEnd = zero(bytes, start, end);
        Optional<Meaning> meaning = meaning(new String(bytes, start, keywordEnd - start, StandardCharsets.ISO_8859_1));
        if (meaning.isEmpty() || keywordEnd == end) {
            return Optional.empty();
        }
        return value(chunk, bytes, keywordEnd + 1, end)
                .flatMap(value -> meaning.get() == Meaning.EXIF ? fromHexadecimal(value) : Optional.of(value))
                .map(value -> new PngText(meaning.get(), value));
    }

    /** Whether {@link #read} would unpack this chunk. */
    static boolean isMeant(byte[] bytes, int start, int end) {
        int keywordEnd = zero(bytes, start, Math.min(end, start + MAX_KEYWORD_BYTES));
        return meaning(new String(bytes, start, keywordEnd - start, StandardCharsets.ISO_8859_1))
                .isPresent();
    }

    /** Hands the value to the finder of the picture's orientation. */
    void tell(OrientationFinder finder) {
        switch (meaning) {
            case XMP -> finder.readXmp(value, 0, value.length);
            case EXIF -> finder.readExifText(value);
        }
    }

    private static Optional<Meaning> meaning(String keyword) {
        return switch (keyword) {
            case XMP_KEYWORD -> Optional.of(Meaning.XMP);
            case EXIF_KEYWORD -> Optional.of(Meaning.EXIF);
            default -> Optional.empty();
        };
    }

    /** @param start behind the keyword and its zero */
    private static Optional<byte[]> value(String chunk, byte[] bytes, int start, int end) {
        return switch (chunk) {
            case "zTXt" -> start < end && bytes[start] == 0 ? inflated(bytes, start + 1, end) : Optional.empty();
            case "iTXt" -> international(bytes, start, end);
            default -> Optional.of(Arrays.copyOfRange(bytes, start, end));
        };
    }

    /** Behind the keyword: whether and how it is packed, a language, the keyword in that language, the text. */
    private static Optional<byte[]> international(byte[] bytes, int start, int end) {
        int languageEnd = zero(bytes, Math.min(end, start + 2), end);
        int translatedEnd = zero(bytes, Math.min(end, languageEnd + 1), end);
        if (translatedEnd == end) {
            return Optional.empty();
        }
        if (bytes[start] == 0) {
            return Optional.of(Arrays.copyOfRange(bytes, translatedEnd + 1, end));
        }
        return bytes[start + 1] == 0 ? inflated(bytes, translatedEnd + 1, end) : Optional.empty();
    }

    private static Optional<byte[]> inflated(byte[] bytes, int start, int end) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes, start, end - start);
            ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 || unpacked.size() + count > MAX_UNPACKED_BYTES) {
                    return Optional.empty();
                }
                unpacked.write(buffer, 0, count);
            }
            return Optional.of(unpacked.toByteArray());
        } catch (DataFormatException e) {
            return Optional.empty(); // the pixels are whole all the same
        } finally {
            inflater.end();
        }
    }

    private static Optional<byte[]> fromHexadecimal(byte[] profile) {
        int start = 0;
        for (int line = 0; line < LINES_BEFORE_HEXADECIMAL; line++) {
            while (start < profile.length && profile[start] != '\n') {
                start++;
            }
            start = Math.min(profile.length, start + 1);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(profile.length / 2);
        int high = -1;
        for (int i = start; i < profile.length; i++) {
            int digit = Character.digit(profile[i], 16);
            if (digit < 0 && !Character.isWhitespace(profile[i])) {
                return Optional.empty();
            }
            if (digit >= 0 && high >= 0) {
                bytes.write(high << 4 | digit);
                high = -1;
            } else if (digit >= 0) {
                high = digit;
            }
        }
        return Optional.of(bytes.toByteArray());
    }

    /** Where the next zero byte is, or the end. */
    private static int zero(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != 0) {
            at++;
        }
        return at;
    }
}
