package io.sparkvlm.bench.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sparkvlm.api.TokenConstraint.Cursor;
import io.sparkvlm.grammar.AnswerFormat;
import io.sparkvlm.grammar.Grammars;
import io.sparkvlm.grammar.automaton.Grammar;
import io.sparkvlm.grammar.automaton.TokenGrammar;
import io.sparkvlm.grammar.automaton.TokenTrie;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Tries one schema after the other: makes its grammar, walks through it at random, and asks a validator about what came out. */
final class SchemaTrial {
    private static final int MOST_TOKENS = 400;

    /** The validator knows which top-level domains there are, and takes no others. */
    private static final String EMAIL = "does not match the email pattern";

    private final byte[][] tokens;
    private final TokenTrie trie;
    private final int answers;
    private final SchemaRegistry validators = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    SchemaTrial(byte[][] tokens, TokenTrie trie, int answers) {
        this.tokens = tokens;
        this.trie = trie;
        this.answers = answers;
    }

    /**
     * What became of a schema.
     *
     * @param refusal why there is no grammar
     * @param faults what the validator said of answers, or what was thrown
     * @param whole answers that came to their end
     * @param maskNanos of each token
     */
    record Result(Optional<String> refusal, List<String> faults, int whole, long grammarNanos, List<Long> maskNanos) {
        String said() {
            return refusal.map(why -> "refused, " + why).orElse(faults.isEmpty() ? "held" : faults.get(0));
        }
    }

    Result of(JsonNode schema, int seed) {
        long start = System.nanoTime();
        Grammar grammar;
        try {
            grammar = Grammars.of(new AnswerFormat(AnswerFormat.Kind.JSON, schema));
        } catch (UnsupportedGrammarException e) {
            return new Result(
                    Optional.of(e.path() + ": " + e.getMessage()), List.of(), 0, System.nanoTime() - start, List.of());
        } catch (RuntimeException e) {
            return new Result(Optional.empty(), List.of("threw " + e), 0, System.nanoTime() - start, List.of());
        }
        long grammarNanos = System.nanoTime() - start;
        TokenGrammar constraint = new TokenGrammar(grammar, trie);
        List<String> faults = new ArrayList<>();
        List<Long> maskNanos = new ArrayList<>();
        int whole = 0;
        for (int answer = 0; answer < answers; answer++) {
            Optional<String> text = walk(constraint.start(), new Random(31L * seed + answer), maskNanos, faults);
            whole += text.isPresent() ? 1 : 0;
            text.flatMap(json -> fault(schema, json)).ifPresent(faults::add);
        }
        return new Result(Optional.empty(), faults, whole, grammarNanos, maskNanos);
    }

    /** An answer; empty where it was not whole after so many tokens. */
    private Optional<String> walk(Cursor cursor, Random random, List<Long> maskNanos, List<String> faults) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < MOST_TOKENS && !cursor.mustEnd() && !(cursor.mayEnd() && random.nextInt(4) == 0); i++) {
            long start = System.nanoTime();
            long[] mask = cursor.allowed();
            maskNanos.add(System.nanoTime() - start);
            int[] allowed = BitSet.valueOf(mask).stream().toArray();
            if (allowed.length == 0) {
                faults.add("no token after " + text.toString(StandardCharsets.UTF_8));
                return Optional.empty();
            }
            int token = random.nextInt(3) > 0 ? closing(allowed, random) : any(allowed, random);
            text.writeBytes(tokens[token]);
            cursor.advance(token);
        }
        return cursor.mayEnd() ? Optional.of(text.toString(StandardCharsets.UTF_8)) : Optional.empty();
    }

    /** As a model that ends what it has begun: at random alone, texts seldom come to their end. */
    private int closing(int[] allowed, Random random) {
        for (int token : allowed) {
            if (tokens[token].length == 1 && "\"}]".indexOf(tokens[token][0]) >= 0) {
                return token;
            }
        }
        return any(allowed, random);
    }

    private static int any(int[] allowed, Random random) {
        return allowed[random.nextInt(allowed.length)];
    }

    private Optional<String> fault(JsonNode schema, String json) {
        try {
            Schema validator = validators.getSchema(schema.toString(), InputFormat.JSON);
            List<Error> errors = validator.validate(
                    json, InputFormat.JSON, context -> context.executionConfig(it -> it.formatAssertionsEnabled(true)));
            return errors.stream()
                    .filter(error -> !error.getMessage().contains(EMAIL))
                    .findFirst()
                    .map(error -> "invalid, " + error + ": " + json);
        } catch (RuntimeException e) { // of the validator, at schemas that it cannot read
            return Optional.empty();
        }
    }
}
