package io.sparkvlm.grammar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.grammar.automaton.Grammar;
import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.Rule;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegularExpressionTest {
    private static final String LETTERS = "aab-b01.9\"\\ \n/é€😀xA_@:";
    private static final int TEXTS = 300;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a*b",
                "(a|b)+",
                "(?:ab|a)(?:b|bb)?",
                "[a-c]{2,3}",
                "[^a-c]{1,2}",
                "\\d+(\\.\\d*)?",
                "a{0,2}b{2,}",
                ".*",
                ".é.?",
                "[é-€]|😀",
                "[^\\d\\s]",
                "\\w[@ ]",
                "(a?b?){2}",
                "\\x61\\u0062?",
                "(?<name>a)b*?",
                "[\\w.-]+@[\\w-]+",
                "[\"\\\\/]*",
                "(a*)*b",
                "",
                "^a|b$",
                "^(a|b)$|^1",
                "^$|^ab",
                "[-a]+[b-]",
                "\\S{2}",
                "\\p{L}+\\P{L}"
            })
    void matchesWhatJavasOwnMatch(String pattern) throws Exception {
        Grammar whole = grammar(RegularExpression.whole(pattern, Spelling.PLAIN));
        Grammar within = grammar(RegularExpression.within(pattern, Spelling.PLAIN));
        Grammar inJson = grammar(RegularExpression.within(pattern, Spelling.JSON));
        Pattern java = Pattern.compile(pattern);
        Random random = new Random(pattern.hashCode());
        for (int i = 0; i < TEXTS; i++) {
            String text = text(random);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(whole.matches(bytes))
                    .as("all of '%s'", text)
                    .isEqualTo(java.matcher(text).matches());
            boolean found = java.matcher(text).find();
            boolean lineEndTakenForTheEnd = text.endsWith("\n") && pattern.contains("$"); // in Java and Python alone
            if (!lineEndTakenForTheEnd) {
                assertThat(within.matches(bytes)).as("within '%s'", text).isEqualTo(found);
                assertThat(inJson.matches(json(text)))
                        .as("within '%s' in JSON", text)
                        .isEqualTo(found);
            }
        }
    }

    /** As a JSON writer has it between the quotes. */
    private static byte[] json(String text) throws JsonProcessingException {
        String quoted = new ObjectMapper().writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Random random) {
        int[] letters = LETTERS.codePoints().toArray();
        return random.ints(random.nextInt(6), 0, letters.length)
                .map(i -> letters[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "a(?=b)~a lookahead, found one at character 3",
                "(?<!a)b~a lookbehind",
                "(a)\\1~a reference to a group",
                "(?P=name)~a reference to a group",
                "\\bword\\b~a word boundary",
                "a^b~anchors at its ends only",
                "(^a)*~an anchor that is repeated",
                "(?i)a~a group with flags",
                "a++~a possessive quantifier",
                "(a~a '(' that is not closed",
                "a)~an unmatched ')'",
                "[\\p{L~a category that is not closed",
                "[\\u{41~an escape that is not closed",
                "(?<name~a group's name that is not closed",
                "[a~a '[' that is not closed",
                "*a~a quantifier with nothing before it",
                "a{2,1}~bounds are in the wrong order",
                "a{~a '{' that begins no quantifier",
                "\\p{Greek}~a category of Unicode other than",
                "[[:alpha:]]~a named class",
                "[b-a]~no characters in order",
                "\\u12~lacks its digits",
                "\\~a backslash at the end"
            })
    void whatNoAutomatonMatchesIsRefusedByName(String pattern, String message) {
        assertThatExceptionOfType(UnsupportedGrammarException.class)
                .isThrownBy(() -> RegularExpression.within(pattern, Spelling.PLAIN))
                .withMessageContaining(message);
    }

    @Test
    void aNegationLeavesOutWhatEitherLanguageCallsADigit() throws Exception {
        Grammar noDigit = grammar(RegularExpression.whole("[^\\d]\\D", Spelling.PLAIN));

        assertThat(noDigit.matches("a€".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(noDigit.matches("٣a".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(noDigit.matches("a٣".getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    private static Grammar grammar(Part part) {
        Nfa nfa = new Nfa();
        Rule root = nfa.rule();
        nfa.define(root, part);
        return new Grammar(nfa, root);
    }
}
