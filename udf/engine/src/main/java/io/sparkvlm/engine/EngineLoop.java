package io.sparkvlm.engine;

import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Rejection;
import io.sparkvlm.api.Rejection.Code;
import io.sparkvlm.api.TokenListener.Verdict;
import io.sparkvlm.engine.model.KvCache;
import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.engine.sampling.Sampler;
import io.sparkvlm.engine.schedule.Scheduler;
import io.sparkvlm.engine.schedule.Sequence;
import io.sparkvlm.engine.schedule.StepPlan;
import io.sparkvlm.engine.schedule.StepPlan.Slice;
import io.sparkvlm.torch.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One step after the other: plan, compute, choose, tell. Belongs to the engine's thread. */
final class EngineLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

    private final Qwen2Vl model;
    private final KvCache cache;
    private final Scheduler scheduler;
    private final StepAssembler assembler;
    private final Sampler sampler = new Sampler();
    private final Map<Sequence, LiveSequence> live = new LinkedHashMap<>();
    private long finished;
    private long steps;
    private long promptTokens;
    private long completionTokens;
    private long preemptions;

    EngineLoop(Qwen2Vl model, KvCache cache, Scheduler scheduler) {
        this.model = model;
        this.cache = cache;
        this.scheduler = scheduler;
        this.assembler = new StepAssembler(model);
    }

    boolean idle() {
        return live.isEmpty();
    }

    void add(LiveSequence sequence) {
        live.put(sequence.sequence(), sequence);
        scheduler.add(sequence.sequence());
    }

    /** Computes one step for what is live, first dropping what nobody waits for any more. */
    void step() {
        List<LiveSequence> cancelled = live.values().stream()
                .filter(sequence -> sequence.future().isDone())
                .toList();
        cancelled.forEach(this::remove);
        if (scheduler.idle()) {
            return;
        }
        StepPlan plan = scheduler.plan();
        plan.slices().forEach(slice -> live.get(slice.sequence()).startedStep());
        List<LiveSequence> completing = plan.slices().stream()
                .filter(Slice::completes)
                .map(slice -> live.get(slice.sequence()))
                .toList();
        List<Outcome<GeneratedToken>> chosen = compute(plan, completing);
        count(plan);
        scheduler.advance(plan);
        for (Slice slice : plan.slices()) {
            live.get(slice.sequence()).vision().releaseBefore(slice.from() + slice.count());
        }
        for (int i = 0; i < completing.size(); i++) {
            LiveSequence sequence = completing.get(i);
            chosen.get(i).fold(token -> accept(sequence, token), rejection -> reject(sequence, rejection));
        }
    }

    /** Ends everything that is live with the engine's own failure. */
    void fail(RuntimeException failure) {
        for (LiveSequence sequence : List.copyOf(live.values())) {
            remove(sequence);
            sequence.future().completeExceptionally(failure);
        }
    }

    EngineCounters counters(long submitted) {
        return new EngineCounters(
                submitted,
                finished,
                steps,
                promptTokens,
                completionTokens,
                preemptions,
                scheduler.runningSequences(),
                scheduler.waitingSequences());
    }

    private List<Outcome<GeneratedToken>> compute(StepPlan plan, List<LiveSequence> completing) {
        try (TensorScope scope = new TensorScope()) {
            Tensor logits = scope.adopt(model.forward(assembler.assemble(plan, live), cache)); // [completing, vocab]
            if (completing.isEmpty()) {
                return new ArrayList<>();
            }
            return sampler.choose(
                    logits, completing.stream().map(LiveSequence::samplingRow).toList());
        }
    }

    private void count(StepPlan plan) {
        steps++;
        preemptions += plan.preempted().size();
        for (Slice slice : plan.slices()) {
            int untilPromptsEnd = slice.sequence().promptTokens() - slice.from();
            promptTokens += Math.max(0, Math.min(slice.count(), untilPromptsEnd));
        }
    }

    private LiveSequence accept(LiveSequence sequence, GeneratedToken token) {
        completionTokens++;
        sequence.add(token);
        if (sequence.task().stop().stopIds().contains(token.id())) {
            return finish(sequence, FinishReason.STOP);
        }
        Verdict verdict;
        try {
            verdict = sequence.task().listener().onToken(token);
        } catch (RuntimeException e) {
            LOG.error("A token listener failed; its sequence ends.", e);
            return reject(sequence, Rejection.of(Code.SERVER_ERROR, "the generated tokens could not be taken in"));
        }
        if (verdict == Verdict.STOP) {
            return finish(sequence, FinishReason.STOP);
        }
        if (sequence.reachedItsLimit()) {
            return finish(sequence, FinishReason.LENGTH);
        }
        if (!scheduler.fitsAlone(sequence.sequence().length())) {
            return reject(
                    sequence,
                    Rejection.of(
                            Code.ENGINE_OUT_OF_MEMORY,
                            "expected at most " + (sequence.sequence().length() - 1)
                                    + " tokens of prompt and answer, which is what the key-value cache holds; set a lower"
                                    + " max_completion_tokens or a larger --kv-cache-memory-bytes"));
        }
        return sequence;
    }

    private LiveSequence finish(LiveSequence sequence, FinishReason reason) {
        Generation generation = sequence.finished(reason);
        remove(sequence);
        sequence.future().complete(Outcome.ok(generation));
        return sequence;
    }

    private LiveSequence reject(LiveSequence sequence, Rejection rejection) {
        remove(sequence);
        sequence.future().complete(Outcome.rejected(rejection));
        return sequence;
    }

    private void remove(LiveSequence sequence) {
        finished++;
        live.remove(sequence.sequence());
        scheduler.remove(sequence.sequence());
        sequence.vision().close();
    }
}
