package io.sparkvlm.engine.schedule;

import java.util.List;

/**
 * What one step computes.
 *
 * @param slices the sequences in the step, each once
 * @param preempted sequences that gave up their blocks for it
 * @param takenBlocks blocks that the slices' sequences took for it; they hold what their last owner left
 */
public record StepPlan(List<Slice> slices, List<Sequence> preempted, List<Integer> takenBlocks) {
    public StepPlan {
        slices = List.copyOf(slices);
        preempted = List.copyOf(preempted);
        takenBlocks = List.copyOf(takenBlocks);
    }

    /** The same step without a sequence. */
    public StepPlan without(Sequence sequence) {
        List<Slice> others =
                slices.stream().filter(slice -> slice.sequence() != sequence).toList();
        return new StepPlan(others, preempted, takenBlocks);
    }

    public int tokens() {
        return slices.stream().mapToInt(Slice::count).sum();
    }

    /** Whether it computes one token of each of its sequences. */
    public boolean isDecoding() {
        return slices.stream().allMatch(slice -> slice.count() == 1);
    }

    /**
     * The tokens of a sequence that a step computes: those from {@code from}, {@code count} of them.
     *
     * @param from as many tokens of the sequence lie in the cache already
     */
    public record Slice(Sequence sequence, int from, int count) {
        /** Whether all known tokens are computed after it, so that the next one can be chosen. */
        public boolean completes() {
            return from + count == sequence.length();
        }
    }
}
