package io.sparkvlm.grammar.text;

import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import io.sparkvlm.grammar.text.Regex.Anchor;
import io.sparkvlm.grammar.text.Regex.Characters;
import io.sparkvlm.grammar.text.Regex.Choice;
import io.sparkvlm.grammar.text.Regex.Repetition;
import io.sparkvlm.grammar.text.Regex.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads what ECMAScript's and Python's regular expressions have in common and finite automata can match; the rest is refused by
 * name.
 */
final class RegexParser {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_REPETITIONS = 100_000;
    private static final CodePoints SURROGATES = CodePoints.range(Character.MIN_SURROGATE, Character.MAX_SURROGATE);
    private static final String CONTROL_LETTERS = "nrtfv0";
    private static final String CONTROLS = "\n\r\t\f\u000B\0";

    private final int[] pattern;
    private int at;
    private int depth;

    private RegexParser(String pattern) {
        this.pattern = pattern.codePoints().toArray();
    }

    static Regex parse(String pattern) throws UnsupportedGrammarException {
        RegexParser parser = new RegexParser(pattern);
        Regex regex = parser.choice();
        if (parser.at < parser.pattern.length) {
            throw parser.refused("an unmatched ')'");
        }
        return regex;
    }

    private Regex choice() throws UnsupportedGrammarException {
        List<Regex> ways = new ArrayList<>();
        do {
            ways.add(sequence());
        } while (taken('|'));
        return ways.size() == 1 ? ways.get(0) : new Choice(ways);
    }

    private Regex sequence() throws UnsupportedGrammarException {
        List<Regex> parts = new ArrayList<>();
        while (at < pattern.length && pattern[at] != '|' && pattern[at] != ')') {
            parts.add(repetition());
        }
        return parts.size() == 1 ? parts.get(0) : new Sequence(parts);
    }

    private Regex repetition() throws UnsupportedGrammarException {
        Regex atom = atom();
        Optional<int[]> bounds = bounds();
        if (bounds.isEmpty()) {
            return atom;
        }
        if (atom.has(Anchor.START) || atom.has(Anchor.END)) {
            throw refused("an anchor that is repeated");
        }
        boolean lazy = taken('?'); // matches the same texts
        if (!lazy && peek('+')) {
            throw refused("a possessive quantifier");
        }
        return new Repetition(atom, bounds.get()[0], bounds.get()[1]);
    }

    private Optional<int[]> bounds() throws UnsupportedGrammarException {
        if (taken('*')) {
            return Optional.of(new int[] {0, Repetition.UNBOUNDED});
        }
        if (taken('+')) {
            return Optional.of(new int[] {1, Repetition.UNBOUNDED});
        }
        if (taken('?')) {
            return Optional.of(new int[] {0, 1});
        }
        int before = at;
        if (!taken('{')) {
            return Optional.empty();
        }
        OptionalInt min = number();
        boolean range = taken(',');
        OptionalInt max = range ? number() : min;
        if (min.isEmpty() || !taken('}')) {
            at = before;
            throw refused("a '{' that begins no quantifier; write \\{");
        }
        int last = range && max.isEmpty() ? Repetition.UNBOUNDED : max.orElseThrow();
        if (min.getAsInt() > last) {
            throw refused("a quantifier whose bounds are in the wrong order");
        }
        return Optional.of(new int[] {min.getAsInt(), last});
    }

    private OptionalInt number() throws UnsupportedGrammarException {
        if (at == pattern.length || !isDigit(pattern[at])) {
            return OptionalInt.empty();
        }
        int value = 0;
        while (at < pattern.length && isDigit(pattern[at])) {
            value = 10 * value + pattern[at++] - '0';
            if (value > MAX_REPETITIONS) {
                throw refused("more than " + MAX_REPETITIONS + " repetitions");
            }
        }
        return OptionalInt.of(value);
    }

    private Regex atom() throws UnsupportedGrammarException {
        int first = pattern[at++];
        return switch (first) {
            case '(' -> group();
            case '[' -> new Characters(characterClass());
            case '.' -> new Characters(CodePoints.ALL.without(CharacterClasses.LINE_ENDS));
            case '^' -> Anchor.START;
            case '$' -> Anchor.END;
            case '\\' -> new Characters(escape(false));
            case '*', '+', '?' -> throw refused("a quantifier with nothing before it");
            default -> {
                if (first == '{') {
                    throw refused("a '{' that begins no quantifier; write \\{");
                }
                yield new Characters(CodePoints.of(first));
            }
        };
    }

    private Regex group() throws UnsupportedGrammarException {
        if (taken('?')) {
            if (taken('P')) {
                if (!peek('<')) {
                    throw refused("a reference to a group");
                }
            }
            if (taken('<')) {
                if (peek('=') || peek('!')) {
                    throw refused("a lookbehind");
                }
                while (at < pattern.length && pattern[at] != '>') {
                    at++;
                }
                if (!taken('>')) {
                    throw refused("a group's name that is not closed");
                }
            } else if (peek('=') || peek('!')) {
                throw refused("a lookahead");
            } else if (!taken(':')) {
                throw refused("a group with flags");
            }
        }
        if (++depth > MAX_DEPTH) {
            throw refused("groups more than " + MAX_DEPTH + " deep");
        }
        Regex inner = choice();
        depth--;
        if (!taken(')')) {
            throw refused("a '(' that is not closed");
        }
        return inner;
    }

    private CodePoints characterClass() throws UnsupportedGrammarException {
        boolean negated = taken('^');
        CodePoints set = CodePoints.NONE;
        if (peek(']')) {
            throw refused("an empty class");
        }
        while (!taken(']')) {
            CodePoints item = member(negated);
            if (peek('-') && at + 1 < pattern.length && pattern[at + 1] != ']') {
                at++;
                CodePoints last = member(negated);
                item = span(item, last);
            }
            set = set.with(item);
        }
        return negated ? CodePoints.ALL.without(set) : set.without(SURROGATES);
    }

    private CodePoints span(CodePoints first, CodePoints last) throws UnsupportedGrammarException {
        OptionalInt from = first.only();
        OptionalInt to = last.only();
        if (from.isEmpty() || to.isEmpty() || from.getAsInt() > to.getAsInt()) {
            throw refused("a range in a class whose ends are no characters in order");
        }
        return CodePoints.range(from.getAsInt(), to.getAsInt()).without(SURROGATES);
    }

    private CodePoints member(boolean negated) throws UnsupportedGrammarException {
        if (at == pattern.length) {
            throw refused("a '[' that is not closed");
        }
        int first = pattern[at++];
        if (first == '[' && (peek(':') || peek('.') || peek('='))) {
            throw refused("a named class within a class");
        }
        if (first == '\\') {
            return escapeInClass(negated);
        }
        return CodePoints.of(first);
    }

    private CodePoints escapeInClass(boolean negated) throws UnsupportedGrammarException {
        if (taken('b')) {
            return CodePoints.of('\b');
        }
        return escape(negated);
    }

    /** @param wide whether the set is to be taken out of all, so that it must not be too small */
    private CodePoints escape(boolean wide) throws UnsupportedGrammarException {
        if (at == pattern.length) {
            throw refused("a backslash at the end");
        }
        int letter = pattern[at++];
        Optional<CodePoints> named = CharacterClasses.of(letter);
        if (named.isPresent()) {
            return wide ? CharacterClasses.wide(letter) : named.get();
        }
        int control = CONTROL_LETTERS.indexOf(letter);
        if (control >= 0 && !(letter == '0' && at < pattern.length && isDigit(pattern[at]))) {
            return CodePoints.of(CONTROLS.charAt(control));
        }
        return switch (letter) {
            case 'x' -> CodePoints.of(hex(2));
            case 'u' -> CodePoints.of(taken('{') ? braced() : unicode());
            case 'U' -> CodePoints.of(hex(8));
            case 'p' -> category();
            case 'P' -> CodePoints.ALL.without(category());
            case 'b', 'B' -> throw refused("a word boundary");
            case 'A' -> throw refused("\\A; write ^");
            case 'Z', 'z' -> throw refused("\\" + (char) letter + "; write $");
            default -> {
                if (isDigit(letter) || letter == 'k') {
                    throw refused("a reference to a group");
                }
                if (Character.isLetter(letter)) {
                    throw refused("\\" + Character.toString(letter));
                }
                yield CodePoints.of(letter);
            }
        };
    }

    private CodePoints category() throws UnsupportedGrammarException {
        StringBuilder name = new StringBuilder();
        if (taken('{')) {
            while (at < pattern.length && pattern[at] != '}') {
                name.appendCodePoint(pattern[at++]);
            }
            if (!taken('}')) {
                throw refused("a category that is not closed");
            }
        }
        return CharacterClasses.category(name.toString())
                .orElseThrow(() -> refused("a category of Unicode other than L, Lu, Ll, N and Nd"));
    }

    private int unicode() throws UnsupportedGrammarException {
        int unit = hex(4);
        if (Character.isHighSurrogate((char) unit)
                && at + 1 < pattern.length
                && pattern[at] == '\\'
                && pattern[at + 1] == 'u') {
            at += 2;
            return Character.toCodePoint((char) unit, (char) hex(4));
        }
        return unit;
    }

    private int braced() throws UnsupportedGrammarException {
        int digits = 0;
        while (at + digits < pattern.length && pattern[at + digits] != '}') {
            digits++;
        }
        int value = hex(digits);
        if (!taken('}')) {
            throw refused("an escape that is not closed");
        }
        return value;
    }

    private int hex(int digits) throws UnsupportedGrammarException {
        if (digits < 1 || digits > 8 || at + digits > pattern.length) {
            throw refused("an escape that lacks its digits");
        }
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(pattern[at++], 16);
            if (digit < 0) {
                throw refused("an escape that lacks its digits");
            }
            value = 16 * value + digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw refused("an escape beyond U+10FFFF");
        }
        return (int) value;
    }

    private boolean taken(int wanted) {
        boolean there = peek(wanted);
        if (there) {
            at++;
        }
        return there;
    }

    private boolean peek(int wanted) {
        return at < pattern.length && pattern[at] == wanted;
    }

    private static boolean isDigit(int codePoint) {
        return '0' <= codePoint && codePoint <= '9';
    }

    private UnsupportedGrammarException refused(String what) {
        return new UnsupportedGrammarException(
                "",
                "expected a regular expression without " + what + ", found one at character "
                        + Math.min(at, pattern.length));
    }
}
