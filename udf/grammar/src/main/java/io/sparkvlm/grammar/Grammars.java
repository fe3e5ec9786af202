package io.sparkvlm.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sparkvlm.grammar.automaton.Grammar;
import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.Rule;
import io.sparkvlm.grammar.automaton.TooLargeException;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import io.sparkvlm.grammar.schema.SchemaCompiler;
import io.sparkvlm.grammar.text.RegularExpression;
import io.sparkvlm.grammar.text.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes grammars of what requests ask for. Thread-safe. Static, because a grammar depends on nothing but that, and rows of all
 * tasks ask for the same ones.
 */
public final class Grammars {
    /** A grammar takes 10 MB at most, and most some 100 kB. */
    private static final int KEPT = 32;

    private static final Cache<AnswerFormat, Grammar> CACHE =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    /** Written out; what makes a grammar takes time that grows with the square of it. */
    private static final int MAX_CHARACTERS = 50_000;

    private static final int MAX_CHARACTERS_OF_A_REGEX = 4_000;

    private Grammars() {}

    /**
     * The grammar of a format.
     *
     * @throws UnsupportedGrammarException when it asks for what a grammar cannot hold, or for what nothing is
     */
    public static Grammar of(AnswerFormat format) throws UnsupportedGrammarException {
        requireShort(format);
        Grammar known = CACHE.getIfPresent(format);
        if (known == null) {
            known = made(format);
            CACHE.put(format, known);
        }
        return known;
    }

    private static void requireShort(AnswerFormat format) throws UnsupportedGrammarException {
        int most = format.kind() == AnswerFormat.Kind.REGEX ? MAX_CHARACTERS_OF_A_REGEX : MAX_CHARACTERS;
        int found = format.value().toString().length();
        if (found > most) {
            throw new UnsupportedGrammarException("", "expected at most " + most + " characters, found " + found);
        }
    }

    private static Grammar made(AnswerFormat format) throws UnsupportedGrammarException {
        WellFormed.require(format.value());
        Grammar grammar;
        try {
            grammar = switch (format.kind()) {
                case JSON -> SchemaCompiler.compile(format.value());
                case REGEX -> single(RegularExpression.whole(format.value().textValue(), Spelling.PLAIN));
                case CHOICE -> single(choice(format.value()));
            };
        } catch (TooLargeException e) {
            throw new UnsupportedGrammarException(
                    "", "expected less than a grammar for that would be: " + e.getMessage());
        }
        if (!grammar.hasTexts()) {
            throw new UnsupportedGrammarException("", "expected what some answer can be, found what none can be");
        }
        if (grammar.hasNoBytes()) {
            throw new UnsupportedGrammarException("", "expected what some answer can be, found the empty text alone");
        }
        return grammar;
    }

    private static Part choice(JsonNode texts) {
        List<byte[]> choices = new ArrayList<>(texts.size());
        texts.forEach(text -> choices.add(text.textValue().getBytes(StandardCharsets.UTF_8)));
        return Part.oneOf(choices);
    }

    private static Grammar single(Part part) {
        Nfa nfa = new Nfa();
        Rule root = nfa.rule();
        nfa.define(root, part);
        return new Grammar(nfa, root);
    }
}
