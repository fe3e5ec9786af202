package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Rejection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks that an error says nothing that only the program knows: an address, a class, a path, an IP. */
public final class Messages {
    private static final List<Pattern> INSIDES = List.of(
            Pattern.compile("0x[0-9a-fA-F]{6,}|@[0-9a-f]{6,}"),
            Pattern.compile("\\b(?:java|javax|jdk|sun|com|org|io|ai)(?:\\.[a-z]\\w*)+\\.[A-Z]\\w+"),
            Pattern.compile("\\w+(?:Exception|Error)\\b(?! )"),
            Pattern.compile("(?<![\\w./])/(?:tmp|home|root|work|usr|etc|proc|var)/\\S*"),
            Pattern.compile("\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b"));

    private Messages() {}

    /**
     * Holds an error to what every error's message promises.
     *
     * @param input what the row said: its own words may be repeated
     */
    public static void assertClean(Rejection rejection, String input) {
        String message = rejection.message();
        assertThat(rejection.code()).as(message).isNotEqualTo(EngineCode.SERVER_ERROR);
        assertThat(message).isNotBlank().hasSizeLessThanOrEqualTo(Rejection.MAX_MESSAGE_LENGTH);
        String repeated = shown(input);
        for (Pattern inside : INSIDES) {
            Matcher matcher = inside.matcher(message);
            while (matcher.find()) {
                assertThat(repeated).as(message).contains(matcher.group().replaceFirst("…$", ""));
            }
        }
    }

    /** Messages have a question mark in place of each control character. */
    private static String shown(String input) {
        return input.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
