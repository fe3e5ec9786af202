package io.sparkvlm.engine.schedule;

import io.sparkvlm.engine.schedule.StepPlan.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Decides which tokens are computed in the next step.
 *
 * <p>Continuous batching (Yu et al. 2022, "Orca") with chunked prefill (Agrawal et al. 2024, "Sarathi-Serve"): at every
 * step first one token for each sequence that is decoding, so that none stalls behind a long prompt, then chunks of the
 * prompts under way, then new sequences in their order of arrival, as long as tokens and cache blocks last. When blocks
 * run out, the youngest sequence gives up its own and is computed again later, so the oldest always gets on. A sequence that
 * begins as another did takes over the blocks of its beginning, and waits for them while they are being computed. Images and
 * videos begin in a step up to a share of its tokens, so that those that decode do not stall behind a wave of them.
 *
 * <p>Not thread-safe: it belongs to the engine's thread.
 */
public final class Scheduler {
    /** A token of a picture costs the vision tower some three times what it costs the language model. */
    private static final int VISION_SHARE = 2;

    /** So that memory which stays short costs one step in some hundred. */
    private static final int STEPS_BEFORE_GROWTH = 100;

    private final SchedulerConfig config;
    private final BlockPool pool;
    private final PrefixCache prefixes;
    private final Deque<Sequence> waiting = new ArrayDeque<>(); // oldest first
    private final List<Sequence> running = new ArrayList<>(); // oldest first
    private int stepTokens;
    private int stepsSinceShrunk;

    public Scheduler(SchedulerConfig config, BlockPool pool) {
        this.config = config;
        this.pool = pool;
        this.prefixes = new PrefixCache(config.prefixCaching(), pool);
        this.stepTokens = config.maxNumBatchedTokens();
    }

    /** Whether the pool, if it were empty, could hold so many tokens. */
    public boolean fitsAlone(int tokens) {
        return tokens <= pool.capacityTokens();
    }

    public void add(Sequence sequence) {
        prefixes.add(sequence);
        waiting.addLast(sequence);
    }

    /** Forgets a sequence, whatever became of it, and frees its blocks. */
    public void remove(Sequence sequence) {
        if (running.remove(sequence)) {
            pool.giveBack(sequence.release());
        } else {
            waiting.remove(sequence);
        }
        prefixes.remove(sequence);
    }

    public boolean idle() {
        return running.isEmpty() && waiting.isEmpty();
    }

    public int runningSequences() {
        return running.size();
    }

    public int waitingSequences() {
        return waiting.size();
    }

    /** All blocks, free or not. */
    public int blocks() {
        return pool.blocks();
    }

    public int freeBlocks() {
        return pool.freeBlocks();
    }

    /**
     * Plans the next step and takes the blocks it needs. {@link #advance} or {@link #shrink} must follow. Empty only
     * when the scheduler is idle, as long as every sequence {@link #fitsAlone}.
     */
    public StepPlan plan() {
        Step step = new Step();
        for (Sequence sequence : List.copyOf(running)) {
            if (sequence.pending() == 1) {
                step.include(sequence);
            }
        }
        for (Sequence sequence : List.copyOf(running)) {
            if (sequence.pending() > 1) {
                step.include(sequence);
            }
        }
        if (step.preempted.isEmpty()) {
            step.admit();
        }
        return step.plan();
    }

    /** Notes that the step was computed. */
    public void advance(StepPlan plan) {
        for (Slice slice : plan.slices()) {
            slice.sequence().advance(slice.count());
            prefixes.publish(slice.sequence(), slice.from());
        }
        if (stepTokens < config.maxNumBatchedTokens() && ++stepsSinceShrunk % STEPS_BEFORE_GROWTH == 0) {
            stepTokens = Math.min(config.maxNumBatchedTokens(), stepTokens * 2);
        }
    }

    /** Notes instead that there was no memory for the step: the next ones have half its tokens, and grow again while they succeed. */
    public void shrink(StepPlan plan) {
        stepTokens = Math.max(1, plan.tokens() / 2);
        stepsSinceShrunk = 0;
    }

    /** Blocks that running sequences still lack for the tokens they have. */
    private int blocksLackingToRunning() {
        return running.stream()
                .mapToInt(sequence -> blocksLacking(sequence, sequence.pending()))
                .sum();
    }

    private int blocksLacking(Sequence sequence, int count) {
        return Math.max(0, pool.blocksFor(sequence.computed() + count) - sequence.blocksHeld());
    }

    /** A step while it is planned. A sequence that decodes may be in it already when an older prompt takes its blocks. */
    private final class Step {
        private final List<Slice> slices = new ArrayList<>();
        private final List<Sequence> preempted = new ArrayList<>();
        private final List<Integer> takenBlocks = new ArrayList<>();
        private int budget = stepTokens;
        private int visionTokens; // of images and videos that begin in it

        StepPlan plan() {
            return new StepPlan(slices, preempted, takenBlocks);
        }

        /** Plans what the budget allows of a sequence, if it still runs, taking blocks from younger ones if it must. */
        void include(Sequence sequence) {
            if (preempted.contains(sequence)) {
                return;
            }
            int count = withinVision(sequence, sequence.computed(), Math.min(sequence.pending(), budget));
            if (count == 0) {
                return;
            }
            while (!pool.canTake(blocksLacking(sequence, count))) {
                Sequence youngest = running.get(running.size() - 1);
                preempt(youngest);
                if (youngest == sequence) {
                    return;
                }
            }
            schedule(sequence, count);
        }

        /**
         * Lets waiting sequences in, oldest first; one that does not fit blocks those behind it. All its tokens must fit
         * beside what the running ones lack: let in on its first chunk, a long prompt would be thrown out and computed
         * again for as long as another decodes.
         */
        void admit() {
            Iterator<Sequence> candidates = waiting.iterator();
            while (candidates.hasNext() && budget > 0 && running.size() < config.maxNumSeqs()) {
                Sequence sequence = candidates.next();
                List<Integer> shared = prefixes.find(sequence);
                if (prefixes.isBeingComputed(sequence, shared.size(), running)) {
                    continue; // a step or two, and it has only the rest to compute
                }
                int lacking = pool.blocksFor(sequence.length()) - shared.size();
                int sharedFree = (int) shared.stream().filter(pool::isFree).count();
                if (!pool.canTake(blocksLackingToRunning() + lacking + sharedFree)) {
                    return;
                }
                int from = shared.size() * pool.blockSizeTokens();
                int count = withinVision(sequence, from, Math.min(sequence.length() - from, budget));
                if (count == 0) {
                    return;
                }
                candidates.remove();
                running.add(sequence);
                shared.forEach(pool::share);
                sequence.begin(shared, from);
                schedule(sequence, count);
            }
        }

        /**
         * How many of the tokens come before the first image or video that begins among them and is too many for this step.
         * One is never too many.
         */
        private int withinVision(Sequence sequence, int from, int count) {
            for (PlacedMedium medium : sequence.media()) {
                if (medium.firstToken() >= from && medium.firstToken() < from + count) {
                    if (visionTokens > 0 && visionTokens + medium.tokens() > stepTokens / VISION_SHARE) {
                        return medium.firstToken() - from;
                    }
                    visionTokens += medium.tokens();
                }
            }
            return count;
        }

        private void schedule(Sequence sequence, int count) {
            for (int lacking = blocksLacking(sequence, count); lacking > 0; lacking--) {
                int block = pool.take();
                sequence.hold(block);
                takenBlocks.add(block);
            }
            slices.add(new Slice(sequence, sequence.computed(), count));
            budget -= count;
        }

        private void preempt(Sequence sequence) {
            slices.stream()
                    .filter(slice -> slice.sequence() == sequence)
                    .findFirst()
                    .ifPresent(slice -> {
                        slices.remove(slice);
                        budget += slice.count();
                    });
            running.remove(sequence);
            List<Integer> released = sequence.release();
            takenBlocks.removeAll(released);
            pool.giveBack(released);
            waiting.addFirst(sequence);
            preempted.add(sequence);
        }
    }
}
