package io.sparkvlm.preprocessing.fetch;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a file that a request carries itself: a data: URL, or base64 alone. */
final class InlineMedia {
    private static final String DATA_SCHEME = "data:";
    private static final Pattern BASE64_FLAG = Pattern.compile(";\\s*base64\\s*$", Pattern.CASE_INSENSITIVE);
    private static final Pattern MEDIA_TYPE = Pattern.compile("[\\w.+-]{1,40}/[\\w.+-]{1,80}");
    /** How the base64 of JPEG, PNG, RIFF, GIF, BMP begins, and of PDF, TIFF and SVG, which are refused by name. */
    private static final List<String> BASE64_STARTS = List.of(
            "/9j/",
            "iVBORw0KGgo",
            "UklGR",
            "R0lGODdh",
            "R0lGODlh",
            "Qk0",
            "Qk1",
            "Qk2",
            "Qk3",
            "JVBERi0",
            "SUkqA",
            "TU0AK",
            "PHN2Zy");
    /** How the base64 of EBML and of MP4's first box begins; AVI is RIFF. */
    private static final Pattern BASE64_VIDEO_START = Pattern.compile("GkXfo|AAAA[A-Za-z0-9+/]GZ0eX[A-D]");
    /** The part of a string that must be of base64's alphabet: a file's name is shorter or has a dot. */
    private static final Pattern BASE64_PROBE = Pattern.compile("[A-Za-z0-9+/_-]{44,}[A-Za-z0-9+/_=\\s-]*");

    private static final int PROBE_CHARACTERS = 80;

    private InlineMedia() {}

    static boolean isDataUrl(String url) {
        return url.regionMatches(true, 0, DATA_SCHEME, 0, DATA_SCHEME.length());
    }

    /** Whether this is the base64 of a file that is known by its first bytes. */
    static boolean isBareBase64(String url) {
        boolean known = BASE64_STARTS.stream().anyMatch(url::startsWith)
                || BASE64_VIDEO_START.matcher(url).lookingAt();
        return known
                && BASE64_PROBE
                        .matcher(url.substring(0, Math.min(url.length(), PROBE_CHARACTERS)))
                        .matches();
    }

    /** The part of a data: URL that the output may say: its media type. */
    static String ref(String dataUrl) {
        Matcher type = MEDIA_TYPE.matcher(dataUrl).region(DATA_SCHEME.length(), Math.min(dataUrl.length(), 160));
        return type.lookingAt() ? DATA_SCHEME + type.group().toLowerCase(Locale.ROOT) : DATA_SCHEME;
    }

    static Outcome<byte[]> readDataUrl(MediaReference reference, int maxBytes) {
        String url = reference.url();
        int comma = url.indexOf(',');
        if (comma < 0) {
            return reference.rejected(
                    MediaFault.INVALID_URL, "expected data:[type][;base64],<data>, found no comma in the data: URL");
        }
        String label = url.substring(DATA_SCHEME.length(), comma);
        String data = url.substring(comma + 1);
        if (BASE64_FLAG.matcher(label).find()) {
            return data.indexOf('%') < 0
                    ? readBase64(data, reference, maxBytes)
                    : percentDecoded(data, reference)
                            .flatMap(bytes ->
                                    readBase64(new String(bytes, StandardCharsets.ISO_8859_1), reference, maxBytes));
        }
        return percentDecoded(data, reference).flatMap(bytes -> bounded(bytes, reference, maxBytes));
    }

    /** Base64 in either alphabet, with or without line breaks and padding. */
    static Outcome<byte[]> readBase64(String text, MediaReference reference, int maxBytes) {
        if (text.length() / 4 * 3L > maxBytes + (long) maxBytes / 32) {
            return reference.tooManyBytes(maxBytes, text.length() / 4 * 3L);
        }
        boolean urlAlphabet = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        String compact = text.chars().anyMatch(Character::isWhitespace) ? text.replaceAll("\\s+", "") : text;
        try {
            byte[] encoded = compact.getBytes(StandardCharsets.ISO_8859_1);
            return bounded(
                    (urlAlphabet ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(encoded), reference, maxBytes);
        } catch (IllegalArgumentException e) {
            return reference.rejected(
                    MediaFault.INVALID_BASE64,
                    "expected base64, found " + compact.length()
                            + " characters with one outside its alphabet, or cut off");
        }
    }

    private static Outcome<byte[]> bounded(byte[] bytes, MediaReference reference, int maxBytes) {
        return bytes.length > maxBytes ? reference.tooManyBytes(maxBytes, bytes.length) : Outcome.ok(bytes);
    }

    private static Outcome<byte[]> percentDecoded(String text, MediaReference reference) {
        return PercentEncoding.decode(text)
                .map(Outcome::ok)
                .orElseGet(() -> reference.rejected(
                        MediaFault.INVALID_URL,
                        "expected percent-encoded bytes in the data: URL, found a % without two hexadecimal digits"
                                + " or a character outside ASCII"));
    }
}
