package io.sparkvlm.job.options.inference;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers of tokens as vLLM does: {@code 2k} is 2,000, {@code 2K} is 2,048, {@code 25.6k} is 25,600. */
final class TokenCount {
    private static final Pattern WITH_UNIT = Pattern.compile("(\\d+(?:\\.\\d+)?)([kKmMgG])");
    private static final Map<String, Long> UNITS =
            Map.of("k", 1_000L, "m", 1_000_000L, "g", 1_000_000_000L, "K", 1L << 10, "M", 1L << 20, "G", 1L << 30);

    private TokenCount() {}

    /** The number in digits; what is no number with a unit, as it is. */
    static String digits(String text) {
        Matcher number = WITH_UNIT.matcher(text.strip());
        return number.matches()
                ? new BigDecimal(number.group(1))
                        .multiply(BigDecimal.valueOf(UNITS.get(number.group(2))))
                        .toBigInteger()
                        .toString()
                : text.strip();
    }

    /** A number that is needed. */
    static final class Converter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                return Integer.valueOf(digits(text));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("expected a number, as 2048, 2k or 2K, found \"" + text + "\"");
            }
        }
    }

    /** A number or {@code auto}, which vLLM calls -1, too. */
    static final class OrAuto implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return text.strip().equals("-1") ? "auto" : digits(text);
        }
    }
}
