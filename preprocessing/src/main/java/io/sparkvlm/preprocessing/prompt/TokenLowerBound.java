package io.sparkvlm.preprocessing.prompt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bounds from below how many tokens a text takes, in one pass over its bytes, where merging them can take minutes.
 *
 * <p>Of a token of n bytes, each byte is one n-th. The longest token that holds a byte's value says the least share
 * that such a byte can be, and the shares of a text's bytes add up to no more than its tokens. Thread-safe.
 */
final class TokenLowerBound {
    /** Composing makes at most 7 bytes 2: U+1FBE U+0308 U+0301 become U+0390. */
    private static final int MOST_BYTES_COMPOSED_TO_ONE = 4;
    /** U+4000 to U+9FFF, three bytes each: no character of them is composed or decomposed. */
    private static final int FIRST_LEAD_OF_HAN = 0xE4;

    private static final int LAST_LEAD_OF_HAN = 0xE9;

    /** Rounding errors of millions of additions stay far below it. */
    private static final double ROUNDING = 1 - 1e-6;

    private final double[] shares = new double[256]; // by byte value
    private final double leastShare;

    TokenLowerBound(Vocabulary vocabulary) {
        int[] longest = new int[shares.length];
        Arrays.fill(longest, 1);
        for (int id = 0; id < vocabulary.size(); id++) {
            byte[] token = vocabulary.bytes(id);
            for (byte value : token) {
                int at = Byte.toUnsignedInt(value);
                longest[at] = Math.max(longest[at], token.length);
            }
        }
        Arrays.setAll(shares, value -> 1.0 / longest[value]);
        this.leastShare = Arrays.stream(shares).min().orElseThrow() / MOST_BYTES_COMPOSED_TO_ONE;
    }

    /**
     * Judges a text without normalizing it, for which Java takes quadratic time where marks are many.
     *
     * @param text not empty, as it is before the tokenizer's normalization to NFC
     */
    long of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        double tokens = 0;
        int keptUntil = 0;
        for (int i = 0; i < bytes.length; i++) {
            int value = Byte.toUnsignedInt(bytes[i]);
            if (value >= FIRST_LEAD_OF_HAN && value <= LAST_LEAD_OF_HAN) {
                keptUntil = i + 3;
            } else if (value < 0x80 && (i + 1 == bytes.length || bytes[i + 1] >= 0)) {
                // ASCII is composed only with what follows it, and that is never ASCII.
                keptUntil = i + 1;
            }
            tokens += i < keptUntil ? shares[value] : leastShare;
        }
        return Math.max(1, (long) Math.ceil(tokens * ROUNDING));
    }
}
