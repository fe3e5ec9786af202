package io.sparkvlm.api;

import java.util.OptionalInt;

/**
 * How the next token is chosen. Randomness depends on the seed and the token's index alone, so equal logits give a row
 * the same tokens whatever runs beside it and however often it is retried.
 *
 * @param temperature 0 is greedy
 * @param topP keep the most likely tokens that together reach this probability; 1 keeps all
 * @param topK keep this many of the most likely tokens; 0 keeps all
 * @param minP keep tokens at least this fraction as likely as the likeliest; 0 keeps all
 * @param frequencyPenalty taken off a logit for each time the token was generated
 * @param presencePenalty taken off a logit once if the token was generated
 * @param repetitionPenalty a positive logit is divided by it, another multiplied, if the token stood in the prompt or was
 *     generated; 1 does nothing
 * @param topLogprobs how many alternatives are reported with each token; empty reports no log-probabilities at all
 */
public record SamplingParams(
        double temperature,
        double topP,
        int topK,
        double minP,
        double frequencyPenalty,
        double presencePenalty,
        double repetitionPenalty,
        long seed,
        OptionalInt topLogprobs) {
    /** The likeliest token, always; no log-probabilities. */
    public static final SamplingParams GREEDY = new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0, OptionalInt.empty());

    public SamplingParams {
        require(temperature >= 0 && temperature <= Float.MAX_VALUE, "temperature", temperature);
        require(topP >= 0 && topP <= 1, "topP", topP);
        require(topK >= 0, "topK", topK);
        require(minP >= 0 && minP <= 1, "minP", minP);
        require(Math.abs(frequencyPenalty) <= 2, "frequencyPenalty", frequencyPenalty);
        require(Math.abs(presencePenalty) <= 2, "presencePenalty", presencePenalty);
        require(repetitionPenalty > 0 && repetitionPenalty <= Float.MAX_VALUE, "repetitionPenalty", repetitionPenalty);
    }

    public boolean greedy() {
        return temperature == 0;
    }

    /** The same with another seed. */
    public SamplingParams withSeed(long other) {
        return new SamplingParams(
                temperature,
                topP,
                topK,
                minP,
                frequencyPenalty,
                presencePenalty,
                repetitionPenalty,
                other,
                topLogprobs);
    }

    private static void require(boolean holds, String name, double value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of its range: " + value);
        }
    }
}
