package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.WireText;
import io.sparkvlm.preprocessing.openai.WireValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Checks that a value is of its type and within its range. The words are OpenAI's. */
final class FieldChecks {
    private static final int MAX_QUOTED_LENGTH = 40;

    private FieldChecks() {}

    static String string(WireValue value) throws InvalidRequestException {
        if (!value.node().isTextual()) {
            throw wrongType(value, "a string");
        }
        String text = value.node().textValue();
        if (hasUnpairedSurrogate(text)) {
            throw InvalidRequestException.at(
                    value.path(),
                    RequestCode.INVALID_VALUE,
                    "Invalid '" + value.path() + "': expected Unicode text, but got an unpaired surrogate.");
        }
        return text;
    }

    static boolean flag(WireValue value) throws InvalidRequestException {
        if (!value.node().isBoolean()) {
            throw wrongType(value, "a boolean");
        }
        return value.node().booleanValue();
    }

    static long integer(WireValue value, long min, long max) throws InvalidRequestException {
        if (!value.node().isIntegralNumber()) {
            throw wrongType(value, "an integer");
        }
        BigInteger found = value.node().bigIntegerValue();
        if (found.compareTo(BigInteger.valueOf(min)) < 0) {
            throw outOfRange(value, RequestCode.INTEGER_BELOW_MIN_VALUE, "integer below minimum value", ">= " + min);
        }
        if (found.compareTo(BigInteger.valueOf(max)) > 0) {
            throw outOfRange(value, RequestCode.INTEGER_ABOVE_MAX_VALUE, "integer above maximum value", "<= " + max);
        }
        return found.longValueExact();
    }

    /** A decimal; an integer is one too. */
    static double decimal(WireValue value, double min, double max) throws InvalidRequestException {
        if (!value.node().isNumber()) {
            throw wrongType(value, "a decimal");
        }
        double found = value.node().doubleValue();
        if (found < min) {
            throw outOfRange(
                    value, RequestCode.DECIMAL_BELOW_MIN_VALUE, "decimal below minimum value", ">= " + plain(min));
        }
        if (found > max) {
            throw outOfRange(
                    value, RequestCode.DECIMAL_ABOVE_MAX_VALUE, "decimal above maximum value", "<= " + plain(max));
        }
        return found;
    }

    static List<WireValue> array(WireValue value) throws InvalidRequestException {
        if (!value.node().isArray()) {
            throw wrongType(value, "an array");
        }
        List<WireValue> elements = new ArrayList<>(value.node().size());
        for (int i = 0; i < value.node().size(); i++) {
            elements.add(value.element(i));
        }
        return elements;
    }

    static List<WireValue> nonEmptyArray(WireValue value) throws InvalidRequestException {
        List<WireValue> elements = array(value);
        if (elements.isEmpty()) {
            throw InvalidRequestException.at(
                    value.path(),
                    RequestCode.EMPTY_ARRAY,
                    "Invalid '" + value.path() + "': empty array. Expected an array with minimum length 1, but got an"
                            + " empty array instead.");
        }
        return elements;
    }

    static void atMost(int max, List<WireValue> elements, String path) throws InvalidRequestException {
        if (elements.size() > max) {
            throw tooLong(path, max, elements.size());
        }
    }

    static InvalidRequestException tooLong(String path, int max, int found) {
        return InvalidRequestException.at(
                path,
                RequestCode.ARRAY_ABOVE_MAX_LENGTH,
                "Invalid '" + path + "': array too long. Expected an array with maximum length " + max
                        + ", but got an array with length " + found + " instead.");
    }

    static InvalidRequestException wrongType(WireValue value, String expected) {
        return InvalidRequestException.at(
                value.path(),
                RequestCode.INVALID_TYPE,
                "Invalid type for '" + value.path() + "': expected " + expected + ", but got " + value.type()
                        + " instead.");
    }

    static InvalidRequestException invalid(String path, String message) {
        return InvalidRequestException.at(path, RequestCode.INVALID_VALUE, "Invalid '" + path + "': " + message);
    }

    /** A value of a request as a message may hold it: short and on one line. */
    static String quoted(String text) {
        String line = WireText.shortened(MAX_QUOTED_LENGTH, text).replaceAll("\\p{Cntrl}", " ");
        return "'" + WireText.wellFormed(line) + "'";
    }

    private static InvalidRequestException outOfRange(WireValue value, ErrorCode code, String what, String expected) {
        return InvalidRequestException.at(
                value.path(),
                code,
                "Invalid '" + value.path() + "': " + what + ". Expected a value " + expected + ", but got "
                        + quoted(value.node().asText()).replace("'", "") + " instead.");
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    private static boolean hasUnpairedSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }
}
