package io.sparkvlm.job.metric;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Splits text at what Python's {@code str.split} takes for space, which the benchmarks' metrics are written with. */
final class Words {
    private static final String SPACE =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
    private static final Pattern SPACES = Pattern.compile(SPACE + "+");
    private static final Pattern OUTER_SPACES = Pattern.compile("^" + SPACE + "+|" + SPACE + "+$");

    private Words() {}

    static List<String> of(String text) {
        return Stream.of(SPACES.split(text)).filter(word -> !word.isEmpty()).toList();
    }

    static String strip(String text) {
        return OUTER_SPACES.matcher(text).replaceAll("");
    }
}
