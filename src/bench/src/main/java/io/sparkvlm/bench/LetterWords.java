package io.sparkvlm.bench;

import java.util.Random;

/** Text of a known number of tokens: words of one letter, each of which is one token with the space before it. */
public final class LetterWords {
    private LetterWords() {}

    /** The same words for the same seed. */
    public static String of(int seed, int tokens) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens; i++) {
            text.append(i == 0 ? "" : " ").append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
