package io.sparkvlm.engine.sampling;

import io.sparkvlm.api.SamplingParams;
import java.util.Optional;
import java.util.Set;

/**
 * One row of logits and how its token is to be chosen.
 *
 * @param history what stands before the token
 * @param allowed a bit for each token that can be chosen, 64 to a word; empty allows all
 * @param bannedIds cannot be chosen
 */
public record SamplingRow(
        SamplingParams params, TokenHistory history, Optional<long[]> allowed, Set<Integer> bannedIds) {
    /** The row's point in [0, 1). */
    double uniform() {
        return RowRandom.uniform(params.seed(), history.generated());
    }
}
