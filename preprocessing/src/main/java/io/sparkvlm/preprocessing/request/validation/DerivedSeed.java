package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Computes the seed of a row that brings none: the same one on every retry, on any machine and in any version. */
public final class DerivedSeed {
    private DerivedSeed() {}

    /** Whether another row of the same request would be answered otherwise for its id alone. */
    public static boolean decides(SamplingParams sampling, long jobSeed, String rowId) {
        return !sampling.greedy() && sampling.seed() == of(jobSeed, rowId);
    }

    static long of(long jobSeed, String rowId) {
        MessageDigest digest = Sha256.digest();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(jobSeed).flip());
        return ByteBuffer.wrap(digest.digest(rowId.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
