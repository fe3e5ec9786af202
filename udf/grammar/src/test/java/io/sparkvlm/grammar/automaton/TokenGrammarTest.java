package io.sparkvlm.grammar.automaton;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.api.TokenConstraint;
import io.sparkvlm.api.TokenConstraint.Cursor;
import io.sparkvlm.grammar.AnswerFormat;
import io.sparkvlm.grammar.AnswerFormat.Kind;
import io.sparkvlm.grammar.Grammars;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenGrammarTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[][] TOKENS = tokens();
    private static final TokenTrie TRIE = new TokenTrie(TOKENS, TOKENS.length + 3);

    /** All bytes, pieces of JSON that cross from one rule into others, and one token twice. */
    private static byte[][] tokens() {
        List<byte[]> tokens = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            tokens.add(new byte[] {(byte) value});
        }
        for (String text : List.of(
                "\": ",
                "\": \"",
                "\"}",
                "\"}]",
                "\", \"",
                "},",
                "}]}",
                "],[",
                "{}",
                "[]",
                "[[",
                "]]",
                "{\"",
                "12",
                "3.5",
                "true",
                "false}",
                "null,",
                "ab",
                "abc",
                "abc\"",
                "\"a\":1",
                " \"",
                "\n  ",
                "\n\n",
                "é",
                "日",
                "日本",
                "\\n",
                "\\u00",
                "0,1",
                "-1",
                "a",
                "no",
                "nob",
                "yes",
                "yes!",
                "abcdefgh",
                "abcdefghijklmnop",
                "ab c",
                "ab c d e f",
                " a",
                "A1",
                "ABCDEFG12",
                "ab\"c",
                "日本ab日本ab日本ab",
                "a-b",
                "ab.cd",
                "\u2028",
                "ab\u2028c",
                "“a”",
                "a\t",
                "\u007f",
                "😀",
                "😀a😀")) {
            tokens.add(text.getBytes(StandardCharsets.UTF_8));
        }
        tokens.add("日".getBytes(StandardCharsets.UTF_8)); // twice
        tokens.add(new byte[] {(byte) 0xE6, (byte) 0x97}); // a part of a character
        tokens.add(new byte[] {'a', (byte) 0xE2}); // another
        tokens.add(new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0x98}); // and another
        tokens.add(new byte[0]); // a special one
        return tokens.toArray(byte[][]::new);
    }

    /** Tokens are looked up once for each call that a text may stand in. */
    @Test
    void alternativesOfOneTypeStandInOneCallHoweverManyTheyAre() throws Exception {
        StringBuilder schemas = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            schemas.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"string\",\"pattern\":\"^([ab]|c|d){0,3}" + i + "$\"}");
        }
        Automaton automaton =
                grammar(Kind.JSON, "{\"anyOf\":[" + schemas + "]}").automaton();

        State opened = after(automaton, automaton.start(), "\"ab".getBytes(StandardCharsets.UTF_8));

        assertThat(opened.places()).as("which were too many once").hasSizeGreaterThan(1024);
        assertThat(automaton.calls(opened)).hasSize(1);
        assertThat(new MaskMaker(automaton, TRIE).mask(opened)).isNotEqualTo(TRIE.emptyMask());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "JSON~{\"type\":\"object\"}",
                "CHOICE~[\"yes\",\"no\",\"nobody\",\"日本\",\"\"]",
                "REGEX~\"(ab|abc)*[^0-9]{0,3}\"",
                "REGEX~\"x(.{3}[^\\\\s\\\\S])*y\"",
                "REGEX~\"(\\\\[[0-9]{1,2}\\\\],?)+\""
            })
    void aMaskHasTheTokensWhoseBytesTheGrammarHas(Kind kind, String value) throws Exception {
        assertMasksAreThoseOfBytes(grammar(kind, value), new Random(7), 60);
    }

    /** Of strings of all lengths and of patterns, in which most tokens are not looked at one by one. */
    @Test
    void aMaskOfARandomSchemaHasTheTokensWhoseBytesTheGrammarHas() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            String schema = randomSchema(random, 2);
            try {
                assertMasksAreThoseOfBytes(grammar(Kind.JSON, schema), random, 3);
            } catch (AssertionError e) {
                throw new AssertionError("of " + schema, e);
            }
        }
    }

    private static String randomSchema(Random random, int depth) {
        int min = random.nextInt(4);
        int max = min + random.nextInt(12);
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> "{\"type\":\"string\",\"minLength\":" + min + ",\"maxLength\":" + max + "}";
            case 1 -> "{\"type\":\"string\",\"minLength\":" + min + "}";
            case 2 -> "{\"type\":\"string\",\"pattern\":\"" + randomPattern(random) + "\"}";
            case 3 -> "{\"type\":\"string\",\"format\":\"" + pick(random, "uri", "hostname", "email", "date") + "\"}";
            case 4 ->
                "{\"type\":\"array\",\"minItems\":" + min + ",\"maxItems\":" + max + ",\"items\":"
                        + randomSchema(random, depth - 1) + "}";
            case 5 ->
                "{\"type\":\"object\",\"properties\":{\"a\":" + randomSchema(random, depth - 1) + ",\"ab\":"
                        + randomSchema(random, depth - 1) + "},\"additionalProperties\":" + random.nextBoolean() + "}";
            default -> "{\"anyOf\":[" + randomSchema(random, depth - 1) + "," + randomSchema(random, depth - 1) + "]}";
        };
    }

    private static String randomPattern(Random random) {
        StringBuilder pattern = new StringBuilder(pick(random, "^", ""));
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            pattern.append(pick(
                            random,
                            ".",
                            "[a-z]",
                            "[A-Za-z0-9]",
                            "[^ ]",
                            "\\\\w",
                            "\\\\S",
                            "(ab|a)",
                            "[^\\\\\\\"]",
                            "日"))
                    .append(pick(random, "", "*", "+", "?", "{2}", "{1,5}", "{3,}"));
        }
        return pattern + pick(random, "$", "");
    }

    private static String pick(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static void assertMasksAreThoseOfBytes(Grammar grammar, Random random, int answers) {
        TokenConstraint constraint = new TokenGrammar(grammar, TRIE);
        for (int answer = 0; answer < answers; answer++) {
            Automaton plain = grammar.automaton();
            State state = plain.start();
            Cursor cursor = constraint.start();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int step = 0; step < 40 && !cursor.mustEnd(); step++) {
                int[] allowed = BitSet.valueOf(cursor.allowed()).stream().toArray();
                assertThat(allowed).as(text.toString(StandardCharsets.UTF_8)).containsExactly(following(plain, state));
                assertThat(cursor.mayEnd()).isEqualTo(state.complete());
                int token = allowed[random.nextInt(allowed.length)];
                text.writeBytes(TOKENS[token]);
                cursor.advance(token);
                state = after(plain, state, TOKENS[token]);
            }
            if (cursor.mayEnd()) {
                assertThat(grammar.matches(text.toByteArray())).isTrue();
            }
        }
    }

    private static int[] following(Automaton automaton, State state) {
        BitSet following = new BitSet();
        for (int id = 0; id < TOKENS.length; id++) {
            following.set(id, TOKENS[id].length > 0 && after(automaton, state, TOKENS[id]) != State.DEAD);
        }
        return following.stream().toArray();
    }

    private static State after(Automaton automaton, State state, byte[] bytes) {
        State at = state;
        for (byte value : bytes) {
            at = automaton.next(at, value);
        }
        return at;
    }

    @Test
    void anAnswerEndsWhereNothingMayFollow() throws Exception {
        Cursor cursor = new TokenGrammar(grammar(Kind.CHOICE, "[\"a\",\"ab\"]"), TRIE).start();

        assertThat(cursor.mayEnd()).isFalse();
        cursor.advance('a');
        assertThat(cursor.mayEnd()).isTrue();
        assertThat(cursor.mustEnd()).isFalse();
        cursor.advance('b');
        assertThat(cursor.mustEnd()).isTrue();
    }

    @Test
    void anyJsonIsTakenAndNothingElse() throws Exception {
        Grammar object = grammar(Kind.JSON, "{\"type\":\"object\"}");

        for (String text : List.of(
                "{}",
                "{\"a\": [1, -2.5e3, {\"\": null}], \"é\\n\\u00e9\\ud83d\\ude00\": \"日本\"}",
                "{\n  \"a\": true,\n  \"b\": []\n}")) {
            assertThat(object.matches(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isTrue();
        }
        for (String text : List.of(
                "[]", "{\"a\"}", "{\"a\":01}", "{\"a\":1,}", "{\"a\":\"\\ud83d\"}", "{}x", "{\"a\":\"\n\"}", "{a:1}")) {
            assertThat(object.matches(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isFalse();
        }
    }

    private static Grammar grammar(Kind kind, String value) throws Exception {
        JsonNode node = JSON.readTree(value);
        return Grammars.of(new AnswerFormat(kind, node));
    }
}
