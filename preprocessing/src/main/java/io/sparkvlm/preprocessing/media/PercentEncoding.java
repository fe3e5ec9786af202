package io.sparkvlm.preprocessing.media;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Undoes the percent-encoding of URLs (RFC 3986, 2.1). */
final class PercentEncoding {
    private PercentEncoding() {}

    /** A path's text in UTF-8, which may hold characters outside ASCII as they are; or nothing as for {@link #decode}. */
    static Optional<String> decodeText(String text) {
        if (text.indexOf('%') < 0) {
            return Optional.of(text);
        }
        return decode(text).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The bytes, or nothing when a % lacks its two digits or a character is outside ASCII. */
    static Optional<byte[]> decode(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7F) {
                return Optional.empty();
            }
            if (c != '%') {
                bytes[length++] = (byte) c;
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            bytes[length++] = (byte) ((high << 4) | low);
            i += 2;
        }
        return Optional.of(Arrays.copyOf(bytes, length));
    }
}
