package io.sparkvlm.engine;

import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.IncurableException;
import io.sparkvlm.api.TokenListener.Verdict;
import io.sparkvlm.engine.model.KvCache;
import io.sparkvlm.engine.model.VisionLanguageModel;
import io.sparkvlm.engine.profile.StepClock;
import io.sparkvlm.engine.profile.StepFigures;
import io.sparkvlm.engine.profile.StepPhase;
import io.sparkvlm.engine.sampling.Sampler;
import io.sparkvlm.engine.schedule.Scheduler;
import io.sparkvlm.engine.schedule.Sequence;
import io.sparkvlm.engine.schedule.StepPlan;
import io.sparkvlm.engine.schedule.StepPlan.Slice;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.device.DeviceMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One step after the other: plan, compute, choose, tell. Belongs to the engine's thread. */
final class EngineLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

    /** Two or three rows may be hostile; a checkpoint that gives no numbers gives them to none. */
    private static final int ROWS_THAT_JUDGE_A_MODEL = 8;

    private final VisionLanguageModel model;
    private final KvCache cache;
    private final VisionCache visionCache;
    private final Scheduler scheduler;
    private final StepAssembler assembler;
    private final StepClock clock;
    private final Sampler sampler = new Sampler();
    private final Map<Sequence, LiveSequence> live = new LinkedHashMap<>();
    private volatile EngineCounters counters = EngineCounters.NONE;
    private long submitted;
    private long finished;
    private long steps;
    private long promptTokens;
    private long completionTokens;
    private long preemptions;
    private long cachedTokens;
    private int rowsWithoutNumbers;
    private boolean numbersSeen;

    EngineLoop(
            VisionLanguageModel model, KvCache cache, VisionCache visionCache, Scheduler scheduler, StepClock clock) {
        this.model = model;
        this.cache = cache;
        this.visionCache = visionCache;
        this.scheduler = scheduler;
        this.assembler = new StepAssembler();
        this.clock = clock;
    }

    boolean idle() {
        return live.isEmpty();
    }

    void add(LiveSequence sequence) {
        submitted++;
        live.put(sequence.sequence(), sequence);
        scheduler.add(sequence.sequence());
        publish(); // its first step may be long, and callers must see that there is work
    }

    /** What the loop has done so far; may be asked from any thread. */
    EngineCounters counters() {
        return counters.withIdle(clock.idle()); // nothing is published while it goes on
    }

    /** Computes one step for what is live, first dropping what was cancelled. */
    void step() {
        List<LiveSequence> cancelled = live.values().stream()
                .filter(sequence -> sequence.future().isDone())
                .toList();
        cancelled.forEach(this::remove);
        if (scheduler.idle()) {
            return;
        }
        clock.beginStep();
        long encodedBefore = visionCache.encoded();
        StepPlan plan = withItsVision(scheduler.plan());
        if (plan.slices().isEmpty()) {
            clock.enter(StepPhase.IDLE);
            return;
        }
        int cachedTokensOfStep = 0;
        for (Slice slice : plan.slices()) {
            LiveSequence sequence = live.get(slice.sequence());
            if (sequence.startedStep()) {
                cachedTokensOfStep += slice.sequence().cachedTokens();
            }
        }
        cachedTokens += cachedTokensOfStep;
        List<LiveSequence> completing = plan.slices().stream()
                .filter(Slice::completes)
                .map(slice -> live.get(slice.sequence()))
                .toList();
        cache.clear(plan.takenBlocks());
        List<Outcome<GeneratedToken>> chosen;
        try {
            chosen = compute(plan, completing);
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!DeviceMemory.ranOut(e)) {
                throw e;
            }
            shrink(plan, e);
            clock.enter(StepPhase.IDLE);
            return;
        }
        clock.enter(StepPhase.DELIVERY);
        scheduler.advance(plan);
        for (Slice slice : plan.slices()) {
            live.get(slice.sequence()).vision().releaseBefore(slice.from() + slice.count());
        }
        count(plan, completing.size());
        for (int i = 0; i < completing.size(); i++) {
            LiveSequence sequence = completing.get(i);
            chosen.get(i).handle(token -> accept(sequence, token), rejection -> rejectUnchosen(sequence, rejection));
        }
        clock.endStep(new StepFigures(
                plan.slices().size(),
                plan.tokens(),
                completing.size(),
                cachedTokensOfStep,
                (int) (visionCache.encoded() - encodedBefore),
                plan.preempted().size(),
                scheduler.waitingSequences(),
                scheduler.freeBlocks()));
    }

    /** Ends everything that is live with the engine's own failure. */
    void fail(RuntimeException failure) {
        List<LiveSequence> ending = List.copyOf(live.values());
        ending.forEach(
                sequence -> sequence.future().completeExceptionally(failure)); // first: no caller may wait for ever
        ending.forEach(this::remove);
    }

    /**
     * Encodes the images and videos that the step reads. A row whose own does not fit the device is rejected here, and
     * the step goes on without it.
     */
    private StepPlan withItsVision(StepPlan plan) {
        clock.enter(StepPhase.VISION);
        List<Slice> reading = plan.slices().stream()
                .filter(slice -> live.get(slice.sequence()).vision().lacksFor(slice.from(), slice.count()))
                .toList();
        visionCache.encodeAhead(reading.stream()
                .flatMap(slice -> live.get(slice.sequence()).vision().lacking(slice.from(), slice.count()).stream())
                .toList());
        StepPlan possible = plan;
        for (Slice slice : reading) {
            LiveSequence sequence = live.get(slice.sequence());
            try {
                sequence.vision().encode(slice.from(), slice.count());
            } catch (RuntimeException | OutOfMemoryError e) {
                if (!DeviceMemory.ranOut(e)) {
                    throw e;
                }
                LOG.warn("An image or video does not fit the device's memory; its row is rejected.", e);
                possible = possible.without(slice.sequence());
                reject(
                        sequence,
                        Rejection.of(
                                EngineCode.ENGINE_OUT_OF_MEMORY,
                                "expected an image or video that the vision tower has memory for, found one that it has not; set"
                                        + " a lower max_pixels"));
            }
        }
        return possible;
    }

    private List<Outcome<GeneratedToken>> compute(StepPlan plan, List<LiveSequence> completing) {
        clock.enter(plan.isDecoding() ? StepPhase.DECODE : StepPhase.PREFILL);
        try (TensorScope scope = new TensorScope()) {
            Tensor logits = scope.adopt(model.forward(assembler.assemble(plan, live), cache)); // [completing, vocab]
            clock.enter(StepPhase.SAMPLING);
            return completing.isEmpty()
                    ? List.of()
                    : sampler.choose(
                            logits,
                            completing.stream().map(LiveSequence::samplingRow).toList());
        }
    }

    /** Computes smaller steps after one that found no memory. The row that finds none alone is rejected. */
    private void shrink(StepPlan plan, Throwable ranOut) {
        LOG.warn(
                "A step of {} tokens found no memory, the next ones are smaller: {}", plan.tokens(), ranOut.toString());
        visionCache.dropUnused();
        if (plan.tokens() > 1) {
            scheduler.shrink(plan);
            return;
        }
        reject(
                live.get(plan.slices().get(0).sequence()),
                Rejection.of(
                        EngineCode.ENGINE_OUT_OF_MEMORY,
                        "expected memory for a step of one token, found none beside the model and its key-value cache; set a"
                                + " smaller --kv-cache-memory-bytes"));
    }

    /**
     * Rejects a row of whose logits none is a number.
     *
     * @throws IncurableException where the model has given numbers to no row yet, after some
     */
    private void rejectUnchosen(LiveSequence sequence, Rejection rejection) {
        if (sequence.isConstrained()) { // its constraint may have ruled out every token: no word on the model
            reject(sequence, rejection);
            return;
        }
        rowsWithoutNumbers++;
        if (!numbersSeen && rowsWithoutNumbers >= ROWS_THAT_JUDGE_A_MODEL) {
            throw new IncurableException("expected numbers of the model, found NaN for each of the first "
                    + rowsWithoutNumbers + " rows: its weights are damaged, or --dtype float32 helps");
        }
        reject(sequence, rejection);
    }

    private void count(StepPlan plan, int chosenTokens) {
        steps++;
        preemptions += plan.preempted().size();
        completionTokens += chosenTokens;
        for (Slice slice : plan.slices()) {
            int untilPromptsEnd = slice.sequence().promptTokens() - slice.from();
            promptTokens += Math.max(0, Math.min(slice.count(), untilPromptsEnd));
        }
        publish();
    }

    private void accept(LiveSequence sequence, GeneratedToken token) {
        numbersSeen = true;
        sequence.add(token);
        if (sequence.task().stop().stopIds().contains(token.id())) {
            finish(sequence, FinishReason.STOP);
            return;
        }
        Verdict verdict;
        try {
            verdict = sequence.task().listener().onToken(token);
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) { // one row's fault
            LOG.error("A token listener failed; its sequence ends.", e);
            reject(sequence, Rejection.of(EngineCode.SERVER_ERROR, "the generated tokens could not be taken in"));
            return;
        }
        if (verdict == Verdict.STOP || sequence.reachedItsEnd()) {
            finish(sequence, FinishReason.STOP);
        } else if (sequence.reachedItsLimit()) {
            finish(sequence, FinishReason.LENGTH);
        } else if (!scheduler.fitsAlone(sequence.sequence().length())) {
            reject(
                    sequence,
                    Rejection.of(
                            EngineCode.ENGINE_OUT_OF_MEMORY,
                            "expected at most " + (sequence.sequence().length() - 1)
                                    + " tokens of prompt and answer, which is what the key-value cache holds; set a lower"
                                    + " max_completion_tokens or a larger --kv-cache-memory-bytes"));
        }
    }

    private void finish(LiveSequence sequence, FinishReason reason) {
        end(sequence, Outcome.ok(sequence.finished(reason)));
    }

    private void reject(LiveSequence sequence, Rejection rejection) {
        end(sequence, Outcome.rejected(rejection));
    }

    private void end(LiveSequence sequence, Outcome<Generation> outcome) {
        remove(sequence);
        sequence.future().complete(outcome);
    }

    /** Frees what the sequence holds; the counters are up to date before its end is told. */
    private void remove(LiveSequence sequence) {
        sequence.vision().close();
        scheduler.remove(sequence.sequence());
        live.remove(sequence.sequence());
        finished++;
        publish();
    }

    private void publish() {
        counters = new EngineCounters(
                submitted,
                finished,
                steps,
                promptTokens,
                completionTokens,
                preemptions,
                cachedTokens,
                visionCache.encoded(),
                visionCache.found(),
                scheduler.runningSequences(),
                scheduler.waitingSequences(),
                scheduler.blocks(),
                scheduler.blocks() - scheduler.freeBlocks(),
                clock.times());
    }
}
