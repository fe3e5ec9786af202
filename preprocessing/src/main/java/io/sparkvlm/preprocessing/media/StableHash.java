package io.sparkvlm.preprocessing.media;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What stands for a text or a file, on any machine and on every retry? SHA-256 in hexadecimal. */
public final class StableHash {
    private StableHash() {}

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    public static String hex(String text) {
        return hex(List.of(text));
    }

    /** Of the texts one after the other. */
    public static String hex(List<String> texts) {
        MessageDigest digest = sha256();
        texts.forEach(text -> digest.update(text.getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
