package io.sparkvlm.preprocessing.prompt;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.sparkvlm.api.TokenConstraint;
import io.sparkvlm.grammar.AnswerFormat;
import io.sparkvlm.grammar.Grammars;
import io.sparkvlm.grammar.automaton.TokenGrammar;
import io.sparkvlm.grammar.automaton.TokenTrie;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;

/** Finds the constraint of a format over a vocabulary's tokens: one for all rows that ask for the same. Thread-safe. */
final class AnswerConstraints {
    /** Each keeps what it has found of its masks, some MB where a schema is large. */
    private static final int KEPT = 16;

    private static final byte[] NO_BYTES = {};

    private final Vocabulary vocabulary;
    private final int vocabularySize;
    private final LoadingCache<AnswerFormat, TokenConstraint> constraints =
            Caffeine.newBuilder().maximumSize(KEPT).build(this::made);
    private TokenTrie trie; // made for the first format, as most jobs ask for none

    /** @param vocabularySize one above the model's largest token id */
    AnswerConstraints(Vocabulary vocabulary, int vocabularySize) {
        this.vocabulary = vocabulary;
        this.vocabularySize = Math.max(vocabularySize, vocabulary.size());
    }

    TokenConstraint of(AnswerFormat format) {
        return constraints.get(format);
    }

    private TokenConstraint made(AnswerFormat format) {
        try {
            return new TokenGrammar(Grammars.of(format), trie());
        } catch (UnsupportedGrammarException e) {
            throw new IllegalArgumentException("expected a format that was judged before, found " + e.getMessage(), e);
        }
    }

    /** Special tokens steer the model and are no text: no grammar chooses them. */
    private synchronized TokenTrie trie() {
        if (trie == null) {
            byte[][] bytes = new byte[vocabulary.size()][];
            for (int id = 0; id < bytes.length; id++) {
                bytes[id] = vocabulary.isSpecial(id) ? NO_BYTES : vocabulary.bytes(id);
            }
            trie = new TokenTrie(bytes, vocabularySize);
        }
        return trie;
    }
}
