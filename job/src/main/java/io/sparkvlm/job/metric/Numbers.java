package io.sparkvlm.job.metric;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads numbers out of answers. */
final class Numbers {
    /** What Python's {@code float} takes, but for infinities and NaN, which are no answers. */
    private static final Pattern PYTHON_FLOAT = Pattern.compile(
            "[+-]?(?:\\d+(?:_\\d+)*\\.?(?:\\d+(?:_\\d+)*)?|\\.\\d+(?:_\\d+)*)(?:[eE][+-]?\\d+(?:_\\d+)*)?");

    private static final Pattern IN_A_TEXT = Pattern.compile(
            "(?<![\\w.])[+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)?(?:\\.\\d+|(?<=\\d))(?:[eE][+-]?\\d+)?(?!\\w)");

    private Numbers() {}

    /** A text that is a number and nothing else. */
    static OptionalDouble parse(String text) {
        String number = Words.strip(text);
        return PYTHON_FLOAT.matcher(number).matches()
                ? OptionalDouble.of(Double.parseDouble(number.replace("_", "")))
                : OptionalDouble.empty();
    }

    /** The last number of a text, with commas between its thousands or without. */
    static OptionalDouble last(String text) {
        Optional<String> last =
                IN_A_TEXT.matcher(text).results().map(MatchResult::group).reduce((a, b) -> b);
        return last.isPresent()
                ? OptionalDouble.of(Double.parseDouble(last.get().replace(",", "")))
                : OptionalDouble.empty();
    }
}
