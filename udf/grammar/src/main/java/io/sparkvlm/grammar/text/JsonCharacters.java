package io.sparkvlm.grammar.text;

import io.sparkvlm.grammar.automaton.Node;
import io.sparkvlm.grammar.automaton.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes characters as they stand in a JSON string (RFC 8259, section 7): most as they are, the few that cannot stand there as
 * escapes. Where any character may stand, escapes of four digits may too.
 */
final class JsonCharacters {
    private static final CodePoints CONTROLS = CodePoints.range(0, 0x1F);
    private static final CodePoints ESCAPED = CONTROLS.with(CodePoints.of("\"\\"));
    private static final String SHORT = "\"\\/\b\f\n\r\t";
    private static final String SHORT_LETTERS = "\"\\/bfnrt";

    private static final CodePoints DIGITS = CodePoints.range('0', '9');
    private static final Part HEX =
            Utf8.character(DIGITS.with(CodePoints.range('a', 'f')).with(CodePoints.range('A', 'F')));
    /** Of any character: four digits, or twice four for one beyond U+FFFF; a half of such a pair never stands alone. */
    private static final Part UNICODE_ESCAPE = Part.sequence(
            Part.ascii("u"),
            Part.anyOf(
                    Part.sequence(Utf8.character(DIGITS.with(CodePoints.of("abcefABCEF"))), HEX, HEX, HEX),
                    Part.sequence(
                            Utf8.character(CodePoints.of("dD")), Utf8.character(CodePoints.range('0', '7')), HEX, HEX),
                    Part.sequence(
                            Utf8.character(CodePoints.of("dD")),
                            Utf8.character(CodePoints.of("89abAB")),
                            HEX,
                            HEX,
                            Part.ascii("\\u"),
                            Utf8.character(CodePoints.of("dD")),
                            Utf8.character(CodePoints.of("cdefCDEF")),
                            HEX,
                            HEX)));

    private JsonCharacters() {}

    /** Of two whose first bytes are edges. */
    private static Part either(Part one, Part other) {
        return (nfa, from) -> {
            Node end = one.append(nfa, from);
            nfa.skip(other.append(nfa, from), end);
            return end;
        };
    }

    static Part character(CodePoints set) {
        CodePoints verbatim = set.without(ESCAPED);
        List<Part> escapes = new ArrayList<>();
        CodePoints letters = CodePoints.NONE;
        for (int i = 0; i < SHORT.length(); i++) {
            if (set.contains(SHORT.charAt(i))) {
                letters = letters.with(CodePoints.of(SHORT_LETTERS.charAt(i)));
            }
        }
        if (!letters.isEmpty()) {
            escapes.add(Utf8.character(letters));
        }
        if (set.equals(CodePoints.ALL)) {
            escapes.add(UNICODE_ESCAPE);
        } else {
            for (int control = 0; control <= 0x1F; control++) {
                if (set.contains(control) && SHORT.indexOf(control) < 0) {
                    escapes.add(Part.ascii(String.format("u%04x", control)));
                }
            }
        }
        if (escapes.isEmpty()) {
            return verbatim.isEmpty() ? Part.NEVER : Utf8.character(verbatim);
        }
        Part escape = Part.sequence(Part.ascii("\\"), Part.anyOf(escapes));
        return verbatim.isEmpty() ? escape : either(Utf8.character(verbatim), escape);
    }
}
