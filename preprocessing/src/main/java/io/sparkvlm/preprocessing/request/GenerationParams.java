package io.sparkvlm.preprocessing.request;

import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.grammar.AnswerFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How tokens are chosen, when the answer ends, and how it becomes text.
 *
 * @param maxTokens at least 1
 * @param minTokens at most maxTokens; before that many neither stop ids nor stop strings end the answer
 * @param stopIds end the answer when chosen, beside the checkpoint's own end ids
 * @param stopStrings the text ends before the first of them
 * @param answerFormat what the answer must be; empty where it may be anything
 */
public record GenerationParams(
        SamplingParams sampling,
        int maxTokens,
        int minTokens,
        EndOfSequence endOfSequence,
        Set<Integer> stopIds,
        List<String> stopStrings,
        SpecialTokens specialTokens,
        Optional<AnswerFormat> answerFormat) {
    public GenerationParams {
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(endOfSequence, "endOfSequence");
        Objects.requireNonNull(specialTokens, "specialTokens");
        Objects.requireNonNull(answerFormat, "answerFormat");
        if (maxTokens < 1 || minTokens < 0 || minTokens > maxTokens) {
            throw new IllegalArgumentException("expected 0 <= minTokens <= maxTokens and maxTokens >= 1, found "
                    + minTokens + " and " + maxTokens);
        }
        stopIds = Set.copyOf(stopIds);
        stopStrings = List.copyOf(stopStrings);
    }

    /** These parameters with no more tokens than the context leaves. */
    public GenerationParams atMostTokens(int tokens) {
        int max = Math.min(maxTokens, tokens);
        return new GenerationParams(
                sampling,
                max,
                Math.min(minTokens, max),
                endOfSequence,
                stopIds,
                stopStrings,
                specialTokens,
                answerFormat);
    }

    /** Whether the checkpoint's end ids end the answer: {@code ignore_eos}. */
    public enum EndOfSequence {
        ENDS,
        IGNORED
    }

    /** Whether control tokens that were generated show in the text: {@code skip_special_tokens}. */
    public enum SpecialTokens {
        SKIPPED,
        SHOWN
    }
}
