package io.sparkvlm.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A secret that clients send as {@code Authorization: Bearer KEY}. Says nothing of itself. */
public final class ApiKey {
    private static final String SCHEME = "Bearer ";

    private final byte[] key;

    public ApiKey(String key) {
        if (key.isBlank()) {
            throw new IllegalArgumentException("expected an API key, found an empty one");
        }
        this.key = key.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a header has it, in a time that does not depend on where it differs. */
    boolean isIn(String header) {
        return header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        key, header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
