package io.sparkvlm.engine.profile;

/** Hears what the engine's thread did, as it did it. Times are those of {@link System#nanoTime}. */
public interface Trace extends AutoCloseable {
    /** Hears nothing. */
    Trace OFF = new Trace() {
        @Override
        public void phase(StepPhase phase, long fromNanos, long toNanos) {} // not asked for

        @Override
        public void step(StepFigures figures, long fromNanos, long toNanos) {} // not asked for

        @Override
        public void close() {} // nothing is open
    };

    void phase(StepPhase phase, long fromNanos, long toNanos);

    void step(StepFigures figures, long fromNanos, long toNanos);

    @Override
    void close();
}
