package io.sparkvlm.engine.profile;

import io.sparkvlm.api.EngineTimes;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Adds up how long the engine's thread was in each phase, and tells a trace. For that thread, but for {@link #idle}. */
public final class StepClock {
    private final Trace trace;
    private final Map<StepPhase, Long> nanos = new EnumMap<>(StepPhase.class);
    private StepPhase phase = StepPhase.IDLE;
    private long phaseStart = System.nanoTime();
    private long stepStart = phaseStart;
    private volatile Idle idle = new Idle(0, phaseStart, true);

    public StepClock(Trace trace) {
        this.trace = trace;
    }

    /** Ends the phase that was, and begins this one. */
    public void enter(StepPhase next) {
        long now = System.nanoTime();
        nanos.merge(phase, now - phaseStart, Long::sum);
        trace.phase(phase, phaseStart, now);
        phase = next;
        phaseStart = now;
        idle = new Idle(nanos.getOrDefault(StepPhase.IDLE, 0L), now, next == StepPhase.IDLE);
    }

    /** The time with nothing to do, up to now; may be asked from any thread. */
    public Duration idle() {
        return Duration.ofNanos(idle.nanosAt(System.nanoTime()));
    }

    /** What has ended of it, and whether it goes on since then. */
    private record Idle(long nanos, long since, boolean goesOn) {
        long nanosAt(long now) {
            return goesOn ? nanos + (now - since) : nanos;
        }
    }

    /** Begins a step with its first phase. */
    public void beginStep() {
        enter(StepPhase.PLAN);
        stepStart = phaseStart;
    }

    /** Notes what the step that began last has computed. */
    public void endStep(StepFigures figures) {
        enter(StepPhase.IDLE);
        trace.step(figures, stepStart, phaseStart);
    }

    /** The sums of all phases that have ended. */
    public EngineTimes times() {
        return new EngineTimes(
                in(StepPhase.IDLE),
                in(StepPhase.VISION),
                in(StepPhase.PREFILL),
                in(StepPhase.DECODE),
                in(StepPhase.SAMPLING),
                in(StepPhase.PLAN).plus(in(StepPhase.DELIVERY)));
    }

    private Duration in(StepPhase wanted) {
        return Duration.ofNanos(nanos.getOrDefault(wanted, 0L));
    }
}
