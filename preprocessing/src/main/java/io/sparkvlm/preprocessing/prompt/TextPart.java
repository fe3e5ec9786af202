package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.preprocessing.openai.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A piece of an answer; all pieces in their order are the answer.
 *
 * @param logprobs of the tokens that begin in it; empty when the request did not ask for log-probabilities
 */
public record TextPart(String text, Optional<List<TokenLogprob>> logprobs) {
    public TextPart {
        logprobs = logprobs.map(List::copyOf);
    }

    /** Whether it says nothing. */
    public boolean isEmpty() {
        return text.isEmpty() && logprobs.map(List::isEmpty).orElse(true);
    }

    /** This piece and the one that follows it as one. */
    public TextPart then(TextPart next) {
        return new TextPart(
                text + next.text, logprobs.flatMap(mine -> next.logprobs.map(others -> joined(mine, others))));
    }

    private static List<TokenLogprob> joined(List<TokenLogprob> first, List<TokenLogprob> second) {
        List<TokenLogprob> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
