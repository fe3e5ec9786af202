package io.sparkvlm.grammar.automaton;

/** Ends the building of a grammar that would take more memory than one request may. */
public final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLargeException(int nodes) {
        super("it takes more than " + nodes + " states; shorten repetitions and lengths", null, false, false);
    }
}
