package io.sparkvlm.server;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.server.http.TextEndpoint.Reply;
import java.time.Duration;
import java.util.Optional;

/**
 * Says whether there is an engine that answers. One that is stuck in native code cannot be replaced, so the caller has to start
 * the process again. Thread-safe.
 */
final class Health {
    private final LiveEngine engine;
    private final Duration stallTimeout;
    private long progress;
    private boolean wasBusy;
    private long progressNanos = System.nanoTime();

    Health(LiveEngine engine, Duration stallTimeout) {
        this.engine = engine;
        this.stallTimeout = stallTimeout;
    }

    Reply reply() {
        Optional<Engine> now = engine.now();
        if (now.isEmpty()) {
            return new Reply(503, "{\"status\":\"there is no engine\"}");
        }
        return isStuck(now.get())
                ? new Reply(503, "{\"status\":\"the engine is stuck\"}")
                : new Reply(200, "{\"status\":\"ok\"}");
    }

    /** Whether it has computed nothing since it was asked so long ago, and has something to compute. */
    private synchronized boolean isStuck(Engine asked) {
        EngineCounters counters = asked.counters();
        long found = asked.progress();
        boolean busy = counters.running() + counters.waiting() > 0;
        if (found != progress || !busy || !wasBusy) {
            progress = found;
            progressNanos = System.nanoTime();
            wasBusy = busy;
            return false;
        }
        return System.nanoTime() - progressNanos > stallTimeout.toNanos();
    }
}
