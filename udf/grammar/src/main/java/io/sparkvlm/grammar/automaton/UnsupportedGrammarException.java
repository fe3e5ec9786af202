package io.sparkvlm.grammar.automaton;

/** Says why no grammar can be made of what a request asks for. Checked: it is the request's fault, and ends no more than that. */
public final class UnsupportedGrammarException extends Exception {
    private static final long serialVersionUID = 1;

    private final String path;

    /** @param path below what was given, as {@code .properties.age}; empty for the whole */
    public UnsupportedGrammarException(String path, String message) {
        super(message, null, false, false); // a request's fault is no event of the program
        this.path = path;
    }

    public String path() {
        return path;
    }
}
