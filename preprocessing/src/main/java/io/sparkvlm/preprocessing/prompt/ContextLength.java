package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;

/**
 * How long a prompt and its answer may be.
 *
 * @param tokens of a prompt and its answer together; at least one is the answer's
 */
public record ContextLength(int tokens) {
    public ContextLength {
        if (tokens < 2) {
            throw new IllegalArgumentException("expected at least 2 tokens, found " + tokens);
        }
    }

    public boolean holds(long promptTokens) {
        return promptTokens < tokens;
    }

    /**
     * The rejection of a row whose prompt does not fit.
     *
     * @param promptTokens as far as they were counted: there may be more
     */
    public <T> Outcome<T> exceeded(long promptTokens) {
        return Outcome.rejected(Rejection.at(
                "messages",
                RequestCode.CONTEXT_LENGTH_EXCEEDED,
                "This model's maximum context length is " + tokens
                        + " tokens, and at least one is the answer's. However, your messages resulted in at least "
                        + promptTokens + " tokens. Please reduce the length of the messages."));
    }
}
