package io.sparkvlm.api;

/** Says which tokens an answer may be made of. Thread-safe: answers of the same constraint share it. */
public interface TokenConstraint {
    /** The place before an answer's first token. */
    Cursor start();

    /** A place in one answer. Belongs to the engine's thread. */
    interface Cursor {
        /** A bit for each token id that may come next, 64 to a word; not to be changed. The ids that end an answer have none. */
        long[] allowed();

        /** Moves past a token that is allowed. */
        void advance(int tokenId);

        /** Whether the answer may end here. */
        boolean mayEnd();

        /** Whether the answer ends here: nothing may come any more. */
        boolean mustEnd();
    }
}
