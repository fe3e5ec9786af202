package io.sparkvlm.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256, the hash that stands for a text, a file or tokens on any machine and on every retry. */
public final class Sha256 {
    private Sha256() {}

    /** Hashes bytes, into hexadecimal. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** Hashes a text in UTF-8, into hexadecimal. */
    public static String hex(String text) {
        return hex(List.of(text));
    }

    /** Hashes texts one after the other, into hexadecimal. */
    public static String hex(List<String> texts) {
        MessageDigest digest = digest();
        texts.forEach(text -> digest.update(text.getBytes(StandardCharsets.UTF_8)));
        return hex(digest);
    }

    /** Ends the digest, into hexadecimal. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A digest that has taken nothing yet. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
