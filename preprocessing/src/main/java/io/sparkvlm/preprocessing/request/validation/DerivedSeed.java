package io.sparkvlm.preprocessing.request.validation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Which seed has a row that brings none? The same one on every retry, on any machine and in any version. */
final class DerivedSeed {
    private DerivedSeed() {}

    static long of(long jobSeed, String rowId) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(jobSeed).flip());
            return ByteBuffer.wrap(digest.digest(rowId.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
