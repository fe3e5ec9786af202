package io.sparkvlm.engine;

import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.Generation.Timing;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.TokenConstraint;
import io.sparkvlm.api.TokenConstraint.Cursor;
import io.sparkvlm.engine.sampling.SamplingRow;
import io.sparkvlm.engine.sampling.TokenHistory;
import io.sparkvlm.engine.schedule.PlacedMedium;
import io.sparkvlm.engine.schedule.Sequence;
import io.sparkvlm.outcome.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One submitted task while the engine works on it: what it asked, what it got so far, and who waits for it. */
final class LiveSequence {
    private final GenerationTask task;
    private final CompletableFuture<Outcome<Generation>> future = new CompletableFuture<>();
    private final Sequence sequence;
    private final TokenHistory history;
    private final VisionEmbeddings vision;
    private final Optional<Cursor> constraint;
    private final int maxTokens;
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private final long submittedNanos = System.nanoTime();
    private OptionalLong firstStepNanos = OptionalLong.empty();
    private OptionalLong firstTokenNanos = OptionalLong.empty();

    /**
     * A sequence that has not begun.
     *
     * @param maxTokens what the task asks for, cut to what the context leaves
     * @param visionCache where the vision tower's output is kept
     */
    LiveSequence(GenerationTask task, int maxTokens, VisionCache visionCache) {
        this.task = task;
        this.maxTokens = maxTokens;
        this.sequence = new Sequence(task.prompt().tokenIds(), media(task.prompt()));
        this.history = new TokenHistory(task.prompt().tokenIds());
        this.constraint = task.constraint().map(TokenConstraint::start);
        this.vision = new VisionEmbeddings(task.prompt().vision(), visionCache);
    }

    private static List<PlacedMedium> media(Prompt prompt) {
        return prompt.vision().stream()
                .map(input -> new PlacedMedium(input.firstToken(), input.tokens(), input.contentHash()))
                .toList();
    }

    GenerationTask task() {
        return task;
    }

    CompletableFuture<Outcome<Generation>> future() {
        return future;
    }

    Sequence sequence() {
        return sequence;
    }

    VisionEmbeddings vision() {
        return vision;
    }

    /** The rotary position of a token on the axis whose prompt positions are given. */
    int position(int[] axis, int token) {
        MropePositions positions = task.prompt().positions();
        return token < axis.length ? axis[token] : positions.next() + token - axis.length;
    }

    SamplingRow samplingRow() {
        boolean tooShort = tokens.size() < task.stop().minTokens();
        return new SamplingRow(
                task.sampling(),
                history,
                constraint.map(
                        cursor -> cursor.mayEnd() && !tooShort ? withStopIds(cursor.allowed()) : cursor.allowed()),
                tooShort ? task.stop().stopIds() : Set.of());
    }

    private long[] withStopIds(long[] allowed) {
        long[] more = allowed.clone();
        task.stop().stopIds().forEach(id -> more[id / Long.SIZE] |= 1L << id);
        return more;
    }

    boolean isConstrained() {
        return constraint.isPresent();
    }

    /** Whether its constraint lets nothing follow. */
    boolean reachedItsEnd() {
        return constraint.map(Cursor::mustEnd).orElse(false);
    }

    /** Notes that the sequence is in the step that comes now; true if it is its first. */
    boolean startedStep() {
        if (firstStepNanos.isPresent()) {
            return false;
        }
        firstStepNanos = OptionalLong.of(System.nanoTime());
        return true;
    }

    void add(GeneratedToken token) {
        if (tokens.isEmpty()) {
            firstTokenNanos = OptionalLong.of(System.nanoTime());
        }
        tokens.add(token);
        history.add(token.id());
        sequence.append(token.id());
        if (!task.stop().stopIds().contains(token.id())) {
            constraint.ifPresent(cursor -> cursor.advance(token.id()));
        }
    }

    boolean reachedItsLimit() {
        return tokens.size() >= maxTokens;
    }

    Generation finished(FinishReason reason) {
        Timing timing = new Timing(
                since(firstStepNanos.orElseThrow()), since(firstTokenNanos.orElseThrow()), since(System.nanoTime()));
        return new Generation(tokens, reason, sequence.cachedTokens(), timing);
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(nanos - submittedNanos);
    }
}
