package io.sparkvlm.grammar.text;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * The named sets of characters of regular expressions. Python's differ from ECMAScript's beyond ASCII; a set is the characters
 * that both have, so that either finds an answer right.
 */
final class CharacterClasses {
    static final CodePoints LINE_ENDS = CodePoints.of("\n\r\u2028\u2029");
    private static final CodePoints DIGIT = CodePoints.range('0', '9');
    private static final CodePoints WORD = DIGIT.with(CodePoints.range('a', 'z'))
            .with(CodePoints.range('A', 'Z'))
            .with(CodePoints.of('_'));
    private static final CodePoints SPACE = CodePoints.of(" \t\n\r\f\u000B");

    /** Unicode's general categories, and what of them belongs to each. Static: scanning all characters takes a while. */
    private static final Map<String, CodePoints> CATEGORIES = new ConcurrentHashMap<>();

    private CharacterClasses() {}

    /** The set of a letter after a backslash. */
    static Optional<CodePoints> of(int letter) {
        return switch (letter) {
            case 'd' -> Optional.of(DIGIT);
            case 'w' -> Optional.of(WORD);
            case 's' -> Optional.of(SPACE);
            case 'D' -> Optional.of(CodePoints.ALL.without(wide('d')));
            case 'W' -> Optional.of(CodePoints.ALL.without(wide('w')));
            case 'S' -> Optional.of(CodePoints.ALL.without(wide('s')));
            default -> Optional.empty();
        };
    }

    /** The characters that at least one of the two has under this letter: what is left out where it stands in a negation. */
    static CodePoints wide(int letter) {
        return switch (letter) {
            case 'd' -> DIGIT.with(scanned("Nd", code -> Character.getType(code) == Character.DECIMAL_DIGIT_NUMBER));
            case 'w' ->
                WORD.with(scanned(
                        "\\w",
                        code -> Character.isLetterOrDigit(code)
                                || Character.getType(code) == Character.LETTER_NUMBER
                                || Character.getType(code) == Character.OTHER_NUMBER));
            case 's' ->
                SPACE.with(scanned("\\s", code -> Character.isSpaceChar(code) || Character.isWhitespace(code)))
                        .with(CodePoints.of("\u0085\uFEFF"));
            case 'D', 'W', 'S' ->
                CodePoints.ALL.without(of(Character.toLowerCase(letter)).orElseThrow());
            default -> throw new IllegalArgumentException("expected a letter that names a set, found " + (char) letter);
        };
    }

    /** The set of {@code \p{…}}. */
    static Optional<CodePoints> category(String name) {
        return switch (name) {
            case "L", "Letter" -> Optional.of(scanned("L", Character::isLetter));
            case "Lu", "Uppercase_Letter" ->
                Optional.of(scanned("Lu", code -> Character.getType(code) == Character.UPPERCASE_LETTER));
            case "Ll", "Lowercase_Letter" ->
                Optional.of(scanned("Ll", code -> Character.getType(code) == Character.LOWERCASE_LETTER));
            case "Nd", "Decimal_Number" ->
                Optional.of(scanned("Nd", code -> Character.getType(code) == Character.DECIMAL_DIGIT_NUMBER));
            case "N", "Number" ->
                Optional.of(scanned(
                        "N",
                        code -> Character.getType(code) == Character.DECIMAL_DIGIT_NUMBER
                                || Character.getType(code) == Character.LETTER_NUMBER
                                || Character.getType(code) == Character.OTHER_NUMBER));
            default -> Optional.empty();
        };
    }

    private static CodePoints scanned(String name, IntPredicate has) {
        return CATEGORIES.computeIfAbsent(name, key -> CodePoints.where(has));
    }
}
