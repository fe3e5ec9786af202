package io.sparkvlm.engine.schedule;

/**
 * The scheduler's bounds; the names are vLLM's.
 *
 * @param maxNumSeqs sequences that run at once
 * @param maxNumBatchedTokens tokens that one step computes at most
 */
public record SchedulerConfig(int maxNumSeqs, int maxNumBatchedTokens, PrefixCaching prefixCaching) {
    public SchedulerConfig {
        if (maxNumSeqs < 1 || maxNumBatchedTokens < maxNumSeqs) {
            throw new IllegalArgumentException(
                    "expected max-num-seqs of at least 1 and max-num-batched-tokens not below" + " it, found "
                            + maxNumSeqs + " and " + maxNumBatchedTokens);
        }
    }
}
