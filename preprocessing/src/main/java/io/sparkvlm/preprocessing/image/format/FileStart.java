package io.sparkvlm.preprocessing.image.format;

import java.nio.charset.StandardCharsets;

/** Reads the first bytes of a file as characters of a byte each, as formats are known by. */
public final class FileStart {
    private FileStart() {}

    /** Whether the first bytes are the prefix's characters, one byte each. */
    public static boolean startsWith(byte[] bytes, String prefix) {
        return textAt(bytes, 0, prefix.length()).equals(prefix);
    }

    /** So many characters, or as many as there are. */
    public static String textAt(byte[] bytes, int start, int length) {
        int from = Math.min(start, bytes.length);
        return new String(bytes, from, Math.min(length, bytes.length - from), StandardCharsets.ISO_8859_1);
    }
}
