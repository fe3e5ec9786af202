package io.sparkvlm.preprocessing.fetch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Undoes the percent-encoding of URLs (RFC 3986, 2.1). */
final class PercentEncoding {
    private PercentEncoding() {}

    /** A path's text in UTF-8, which may hold characters outside ASCII as they are; or nothing when a % lacks its two digits. */
    static Optional<String> decodeText(String text) {
        return decode(text.getBytes(StandardCharsets.UTF_8)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The bytes, or nothing when a % lacks its two digits or a character is outside ASCII. */
    static Optional<byte[]> decode(String text) {
        return text.chars().allMatch(c -> c <= 0x7F)
                ? decode(text.getBytes(StandardCharsets.US_ASCII))
                : Optional.empty();
    }

    private static Optional<byte[]> decode(byte[] encoded) {
        byte[] bytes = new byte[encoded.length];
        int length = 0;
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                bytes[length++] = encoded[i];
                continue;
            }
            if (i + 2 >= encoded.length || !isDigit(encoded[i + 1]) || !isDigit(encoded[i + 2])) {
                return Optional.empty();
            }
            bytes[length++] =
                    (byte) ((HexFormat.fromHexDigit(encoded[i + 1]) << 4) | HexFormat.fromHexDigit(encoded[i + 2]));
            i += 2;
        }
        return Optional.of(Arrays.copyOf(bytes, length));
    }

    private static boolean isDigit(byte character) {
        return HexFormat.isHexDigit(character);
    }
}
