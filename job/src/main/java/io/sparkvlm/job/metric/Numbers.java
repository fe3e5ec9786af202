package io.sparkvlm.job.metric;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers out of answers. */
final class Numbers {
    /** What Python's {@code float} takes, once its digits are ASCII's. */
    private static final Pattern PYTHON_FLOAT = Pattern.compile(
            "[+-]?(?:\\d+(?:_\\d+)*\\.?(?:\\d+(?:_\\d+)*)?|\\.\\d+(?:_\\d+)*)(?:[eE][+-]?\\d+(?:_\\d+)*)?");

    private static final Pattern PYTHON_INFINITY = Pattern.compile("(?i)([+-]?)inf(?:inity)?");
    private static final Pattern PYTHON_NAN = Pattern.compile("(?i)[+-]?nan");
    private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");

    private static final Pattern IN_A_TEXT = Pattern.compile(
            "(?<![\\w.])[+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)?(?:\\.\\d+|(?<=\\d))(?:[eE][+-]?\\d+)?(?!\\w)");

    private Numbers() {}

    /** A text that is a number of Python and nothing else, which may be infinite or none. */
    static OptionalDouble parse(String text) {
        String number = DIGIT.matcher(Words.strip(text))
                .replaceAll(
                        digit -> Integer.toString(Character.digit(digit.group().codePointAt(0), 10)));
        if (PYTHON_FLOAT.matcher(number).matches()) {
            return OptionalDouble.of(Double.parseDouble(number.replace("_", "")));
        }
        Matcher infinity = PYTHON_INFINITY.matcher(number);
        if (infinity.matches()) {
            return OptionalDouble.of(Double.parseDouble(infinity.group(1) + "Infinity"));
        }
        return PYTHON_NAN.matcher(number).matches() ? OptionalDouble.of(Double.NaN) : OptionalDouble.empty();
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
