package io.sparkvlm.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sparkvlm.api.TokenConstraint.Cursor;
import io.sparkvlm.grammar.AnswerFormat;
import io.sparkvlm.grammar.AnswerFormat.Kind;
import io.sparkvlm.grammar.Grammars;
import io.sparkvlm.grammar.automaton.Grammar;
import io.sparkvlm.grammar.automaton.TokenGrammar;
import io.sparkvlm.grammar.automaton.TokenTrie;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schemas with values that are valid and others that are not, and a validator that is not ours. */
final class SchemasTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANSWERS = 40;
    private static final int MAX_TOKENS = 400;
    private static final byte[][] TOKENS = tokens();
    private static final TokenTrie TRIE = new TokenTrie(TOKENS, TOKENS.length);

    private static byte[][] tokens() {
        Stream<byte[]> bytes = Stream.iterate(0, value -> value < 256, value -> value + 1)
                .map(value -> new byte[] {(byte) (int) value});
        Stream<byte[]> texts = Stream.of(
                        "\": ", "\", \"", "\"}", "{\"", "}]", "ab", "12", "true", "null", "00", "\n  ", "日")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        return Stream.concat(bytes, texts).toArray(byte[][]::new);
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void takesWhatIsValidAndNothingElse(JsonNode line) throws Exception {
        JsonNode schema = line.get("schema");
        Grammar grammar = grammar(schema);

        for (JsonNode valid : line.get("valid")) {
            // A value of an enum is written in one way.
            boolean fixed = schema.has("enum") || schema.has("const");
            for (String text :
                    fixed ? List.of(valid.toString()) : List.of(valid.toString(), indented(valid), spaced(valid))) {
                assertThat(grammar.matches(text.getBytes(StandardCharsets.UTF_8)))
                        .as(text)
                        .isTrue();
            }
        }
        for (JsonNode invalid : line.get("invalid")) {
            assertThat(grammar.matches(invalid.toString().getBytes(StandardCharsets.UTF_8)))
                    .as(invalid.toString())
                    .isFalse();
        }
    }

    private static String indented(JsonNode value) {
        return value.toPrettyString().replace(" : ", ": ");
    }

    /** As Python's json module and most models write it. */
    private static String spaced(JsonNode value) {
        String text = indented(value).replaceAll("\\s*\n\\s*", " ");
        return text.replace("{ ", "{").replace(" }", "}").replace("[ ", "[").replace(" ]", "]");
    }

    @ParameterizedTest
    @MethodSource("schemasButOfEmail")
    void whatIsChosenAtRandomIsValid(JsonNode line) throws Exception {
        JsonNode schema = line.get("schema");
        Schema validator = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema.toString(), InputFormat.JSON);
        TokenGrammar constraint = new TokenGrammar(grammar(schema), TRIE);
        Random random = new Random(3);
        int finished = 0;
        for (int answer = 0; answer < ANSWERS; answer++) {
            Cursor cursor = constraint.start();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int i = 0; i < MAX_TOKENS && !cursor.mustEnd() && !(cursor.mayEnd() && random.nextInt(4) == 0); i++) {
                int[] allowed = BitSet.valueOf(cursor.allowed()).stream().toArray();
                assertThat(allowed).as("after " + text).isNotEmpty();
                // A model that prefers to close what it has opened: the others seldom come to an end.
                int token = random.nextBoolean() ? closing(allowed, random) : allowed[random.nextInt(allowed.length)];
                text.writeBytes(TOKENS[token]);
                cursor.advance(token);
            }
            if (cursor.mayEnd()) {
                finished++;
                String json = text.toString(StandardCharsets.UTF_8);
                List<Error> errors = validator.validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(it -> it.formatAssertionsEnabled(true)));
                assertThat(errors).as(json).isEmpty();
                JSON.readTree(json);
            }
        }
        assertThat(finished).isPositive();
    }

    private static int closing(int[] allowed, Random random) {
        int[] closing =
                Arrays.stream(allowed).filter(id -> "\"}]".indexOf(id) >= 0).toArray();
        return closing.length > 0 ? closing[0] : allowed[random.nextInt(allowed.length)];
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatNoGrammarHoldsIsRefusedByName(String line) throws Exception {
        String[] parts = line.split("\\s*\\|\\s*", 3);
        JsonNode schema = JSON.readTree(parts[2]);

        UnsupportedGrammarException refusal =
                catchThrowableOfType(UnsupportedGrammarException.class, () -> grammar(schema));

        assertThat(refusal).hasMessageContaining(parts[1]);
        assertThat(refusal.path()).isEqualTo(parts[0].equals("-") ? "" : parts[0]);
    }

    @Test
    void anAnswerWithoutATokenIsRefused() {
        for (String pattern : List.of("", "^$", "(a{0})*")) {
            assertThatExceptionOfType(UnsupportedGrammarException.class)
                    .isThrownBy(() -> Grammars.of(new AnswerFormat(Kind.REGEX, TextNode.valueOf(pattern))))
                    .withMessageContaining("found the empty text alone");
        }
    }

    /** Each would take hours or all memory, were it made. */
    @Test
    @Timeout(60)
    void whatIsMadeToTakeForEverIsRefused() throws Exception {
        ObjectNode doubling = JSON.createObjectNode();
        ObjectNode schemas = doubling.put("$ref", "#/$defs/d31").putObject("$defs");
        schemas.putObject("d0").put("type", "string");
        for (int i = 1; i <= 31; i++) {
            ArrayNode both = schemas.putObject("d" + i).putArray("allOf");
            both.addObject().put("$ref", "#/$defs/d" + (i - 1));
            both.addObject().put("$ref", "#/$defs/d" + (i - 1));
        }
        assertThatExceptionOfType(UnsupportedGrammarException.class)
                .isThrownBy(() -> grammar(doubling))
                .withMessageContaining("combine fewer others");
        String empty = "(((" + "()".repeat(500) + "){100000}){50000})";
        assertThatExceptionOfType(UnsupportedGrammarException.class)
                .isThrownBy(() -> Grammars.of(new AnswerFormat(Kind.REGEX, TextNode.valueOf(empty))))
                .withMessageContaining("shorten repetitions");
        assertThatExceptionOfType(UnsupportedGrammarException.class)
                .isThrownBy(() -> Grammars.of(new AnswerFormat(Kind.REGEX, TextNode.valueOf("a".repeat(5000)))))
                .withMessageContaining("at most 4000 characters");
        ObjectNode repeated = JSON.createObjectNode();
        ArrayNode parts = repeated.putArray("allOf");
        for (int i = 0; i < 10; i++) {
            ArrayNode types = parts.addObject().putArray("type");
            IntStream.range(0, 10).forEach(type -> types.add("string"));
        }
        assertThat(grammar(repeated).hasTexts()).isTrue();
    }

    static Stream<JsonNode> schemas() throws IOException {
        return lines("schemas.jsonl").map(line -> {
            try {
                return JSON.readTree(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The validator knows which top-level domains there are. */
    static Stream<JsonNode> schemasButOfEmail() throws IOException {
        return schemas().filter(line -> !line.at("/schema/format").asText().equals("email"));
    }

    static Stream<String> refused() throws IOException {
        return lines("refused.txt").filter(line -> !line.startsWith("#"));
    }

    private static Stream<String> lines(String resource) throws IOException {
        try (InputStream file = Objects.requireNonNull(SchemasTest.class.getResourceAsStream(resource))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }

    private static Grammar grammar(JsonNode schema) throws UnsupportedGrammarException {
        return Grammars.of(new AnswerFormat(Kind.JSON, schema));
    }
}
