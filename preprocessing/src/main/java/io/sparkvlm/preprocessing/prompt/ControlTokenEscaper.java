package io.sparkvlm.preprocessing.prompt;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Escapes text so that it passes through a chat template without ever being taken for a control token.
 *
 * <p>Every character that a control token can start with is written as two characters that no token holds, before the
 * template sees the text; what is then found in the rendered prompt was put there by the template. Afterwards, between
 * the tokens, the text is written as it was. The two characters are noncharacters of Unicode, and a text that holds
 * them is escaped like any other. So nothing is lost: {@code unescape(escape(text))} is the text, and a template that
 * trims, joins or measures for emptiness does what it would have done. Thread-safe.
 */
final class ControlTokenEscaper {
    // U+FDD0 to U+FDEF are for a program's own use and never for interchange.
    private static final char ESCAPE = '\uFDD0';
    private static final char FIRST_CODE = '\uFDD1';
    private static final int MAX_CODES = '\uFDEF' - FIRST_CODE + 1;

    private final String hidden;

    ControlTokenEscaper(Set<String> controlTokens) throws IOException {
        Set<Character> starts = new TreeSet<>();
        controlTokens.forEach(token -> starts.add(token.charAt(0)));
        StringBuilder characters = new StringBuilder().append(ESCAPE);
        starts.forEach(characters::append);
        if (characters.length() > MAX_CODES) {
            throw new IOException("expected special tokens that start with at most " + (MAX_CODES - 1)
                    + " different characters in tokenizer.json, found " + starts.size());
        }
        this.hidden = characters.toString();
    }

    String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int code = hidden.indexOf(c);
            if (code < 0) {
                escaped.append(c);
            } else {
                escaped.append(ESCAPE).append((char) (FIRST_CODE + code));
            }
        }
        return escaped.toString();
    }

    String unescape(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == ESCAPE && isCode(escaped, i + 1)) {
                i++;
                text.append(hidden.charAt(escaped.charAt(i) - FIRST_CODE));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Always so in what {@link #escape} made; a template that cuts strings may have left half of it. */
    private boolean isCode(String escaped, int index) {
        return index < escaped.length()
                && escaped.charAt(index) >= FIRST_CODE
                && escaped.charAt(index) - FIRST_CODE < hidden.length();
    }
}
