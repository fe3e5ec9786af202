package io.sparkvlm.preprocessing.fetch;

/** What was read ahead found no memory: it is given up and read again when its row's turn comes. */
final class BudgetExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BudgetExhaustedException() {
        super("no memory for what is read ahead");
    }
}
