package io.sparkvlm.server;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine that answers now; one that breaks is closed, and another opened in its place. Thread-safe. */
final class LiveEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveEngine.class);

    private final EngineOpener opener;
    private CompletableFuture<Engine> current;
    private boolean closed;

    LiveEngine(EngineOpener opener) throws IOException {
        this.opener = opener;
        this.current = CompletableFuture.completedFuture(opener.open());
    }

    /** The engine, once there is one; failed where none can be opened. */
    synchronized CompletableFuture<Engine> engine() {
        return current;
    }

    /** The engine, if there is one now. */
    Optional<Engine> now() {
        CompletableFuture<Engine> engine = engine();
        return engine.isDone() && !engine.isCompletedExceptionally() ? Optional.of(engine.join()) : Optional.empty();
    }

    EngineCounters counters() {
        return now().map(Engine::counters).orElse(EngineCounters.NONE);
    }

    /** Replaces an engine that has broken, unless that was done already. */
    synchronized void replace(Engine broken) {
        if (closed
                || !current.isDone()
                || now().filter(engine -> engine == broken).isEmpty()) {
            return;
        }
        CompletableFuture<Engine> next = new CompletableFuture<>();
        current = next;
        Thread opening = new Thread(() -> open(broken, next), "sparkvlm-open-engine");
        opening.setDaemon(true);
        opening.start();
    }

    private void open(Engine broken, CompletableFuture<Engine> next) {
        try {
            broken.close();
            next.complete(opener.open());
            LOG.warn("The engine broke; another is open.");
        } catch (IOException | RuntimeException | Error e) { // whatever it was, no request may wait for ever
            LOG.error("The engine broke and cannot be opened again.", e);
            next.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        CompletableFuture<Engine> last;
        synchronized (this) {
            closed = true;
            last = current;
        }
        CompletableFuture<?> unused = last.thenAccept(Engine::close);
    }
}
