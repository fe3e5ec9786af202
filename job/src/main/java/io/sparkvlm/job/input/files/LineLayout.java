package io.sparkvlm.job.input.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Tells from the start of a text whether it holds a JSON value a line. An array, or an object that ends on a later line,
 * is refused as a whole: read element by element it would have no rows for what follows a fault in it, and one command
 * makes lines of it.
 */
final class LineLayout {
    private static final JsonFactory JSON = new JsonFactory();

    private LineLayout() {}

    /** What is wrong, and what to do about it. */
    static Optional<String> fault(byte[] start) {
        if (isWide(start)) {
            return Optional.of("is text in UTF-16, expected UTF-8: convert it with \"iconv -f UTF-16 -t UTF-8\"");
        }
        String text = new String(start, StandardCharsets.UTF_8).replaceFirst("^\uFEFF?\\s*", "");
        if (text.startsWith("[") && text.substring(1).stripLeading().startsWith("{")) {
            return isOneValue(text, true)
                    ? Optional.of(
                            "holds one JSON array, expected a request a line: make lines of it with \"jq -c '.[]'\"")
                    : Optional.empty();
        }
        return text.startsWith("{") && isOneValue(text, false)
                ? Optional.of(
                        "holds JSON over several lines, expected a request a line: make lines of it with \"jq -c .\"")
                : Optional.empty();
    }

    /** By a mark, or by the zero in one of the first two bytes: requests begin with an ASCII character. */
    private static boolean isWide(byte[] start) {
        if (start.length < 2) {
            return false;
        }
        int first = start[0] & 0xff;
        int second = start[1] & 0xff;
        boolean marked = (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff);
        return marked || ((first == 0) != (second == 0));
    }

    /**
     * Whether the text's first value ends on a later line than it begins, or nowhere in what is known of the text.
     *
     * @param alsoInOneLine whether a first line with nothing after it counts too
     */
    private static boolean isOneValue(String text, boolean alsoInOneLine) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            int depth = 1;
            boolean severalLines = false;
            try {
                while (depth > 0) {
                    JsonToken token = parser.nextToken();
                    severalLines |= parser.currentTokenLocation().getLineNr() > 1;
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                }
            } catch (JsonEOFException e) {
                return severalLines || alsoInOneLine;
            }
            int end = (int) parser.currentLocation().getCharOffset();
            return severalLines || (alsoInOneLine && text.substring(end).isBlank());
        } catch (IOException e) { // a fault: the line is a row that says so
            return false;
        }
    }
}
