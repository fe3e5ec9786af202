package io.sparkvlm.job.metric;

import java.util.Locale;
import java.util.regex.Pattern;

/** Compares in lower case and without punctuation, as exact_match of Hugging Face's evaluate does when asked to. */
final class NormalizedMatch implements Metric {
    private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");

    @Override
    public double score(String answer, Gold gold) {
        String found = normalized(answer);
        return gold.best(right -> found.equals(normalized(right)) ? 1 : 0);
    }

    private static String normalized(String text) {
        String lower = Words.strip(text).toLowerCase(Locale.ROOT);
        return PUNCTUATION.matcher(lower).replaceAll("");
    }
}
