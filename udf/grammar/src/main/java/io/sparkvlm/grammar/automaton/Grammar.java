package io.sparkvlm.grammar.automaton;

/** A grammar that was built, and is only read from here on. Thread-safe. */
public final class Grammar {
    private final Nfa nfa;
    private final Rule root;

    public Grammar(Nfa nfa, Rule root) {
        this.nfa = nfa;
        this.root = root;
    }

    Automaton automaton() {
        return new Automaton(nfa, root);
    }

    /** Whether there is a text that the grammar has. */
    public boolean hasTexts() {
        return automaton().start() != State.DEAD;
    }

    /** Whether the empty text is its only one. */
    public boolean hasNoBytes() {
        return hasTexts() && automaton().start().ended();
    }

    /** Whether these bytes are a whole text of the grammar. */
    public boolean matches(byte[] text) {
        Automaton automaton = automaton();
        State state = automaton.start();
        for (byte value : text) {
            state = automaton.next(state, value);
        }
        return state.complete();
    }
}
