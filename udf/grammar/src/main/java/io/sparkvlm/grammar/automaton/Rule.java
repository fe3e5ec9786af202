package io.sparkvlm.grammar.automaton;

/** A part of a grammar that others call, itself too: the way from its start to its end. */
public final class Rule {
    private final Node start;
    private final Node end;

    Rule(Node start, Node end) {
        this.start = start;
        this.end = end;
    }

    Node start() {
        return start;
    }

    Node end() {
        return end;
    }
}
