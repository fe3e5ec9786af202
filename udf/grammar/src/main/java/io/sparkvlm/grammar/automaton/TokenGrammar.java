package io.sparkvlm.grammar.automaton;

import io.sparkvlm.api.TokenConstraint;

/** A grammar over the tokens of one vocabulary. Thread-safe: answers share what was found of it. */
public final class TokenGrammar implements TokenConstraint {
    /** Answers that nest deep, or of many lengths, find more and more of them; at some 20 kB each with its mask these are 80 MB. */
    private static final int MAX_STATES = 20_000;

    private final Grammar grammar;
    private final TokenTrie trie;
    private Found found;

    public TokenGrammar(Grammar grammar, TokenTrie trie) {
        this.grammar = grammar;
        this.trie = trie;
        this.found = new Found(grammar, trie);
    }

    @Override
    public synchronized Cursor start() {
        if (found.automaton.size() > MAX_STATES) {
            found = new Found(grammar, trie); // the old ones go with the answers that stand in them
        }
        return new Place(found, trie);
    }

    /** What was found of the grammar; its own lock. */
    private static final class Found {
        private final Automaton automaton;
        private final MaskMaker masks;

        Found(Grammar grammar, TokenTrie trie) {
            this.automaton = grammar.automaton();
            this.masks = new MaskMaker(automaton, trie);
        }
    }

    /** Where an answer stands. */
    private static final class Place implements Cursor {
        private final Found found;
        private final TokenTrie trie;
        private State state;

        Place(Found found, TokenTrie trie) {
            this.found = found;
            this.trie = trie;
            this.state = found.automaton.start();
        }

        @Override
        public long[] allowed() {
            synchronized (found) {
                return found.masks.mask(state);
            }
        }

        @Override
        public void advance(int tokenId) {
            synchronized (found) {
                for (byte value : trie.bytes(tokenId)) {
                    state = found.automaton.next(state, value);
                }
            }
        }

        @Override
        public boolean mayEnd() {
            return state.complete();
        }

        @Override
        public boolean mustEnd() {
            return state.complete() && state.ended();
        }
    }
}
