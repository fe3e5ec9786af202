package io.sparkvlm.server;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.server.ServerSettings.Limits;
import io.sparkvlm.server.http.Bodies;
import io.sparkvlm.server.http.ErrorPages;
import io.sparkvlm.server.http.Routes;
import io.sparkvlm.server.http.StoppingHandler;
import io.sparkvlm.server.http.TextEndpoint;
import io.sparkvlm.server.http.TextEndpoint.Reply;
import io.sparkvlm.server.http.WatchedConnector;
import io.sparkvlm.server.metrics.PrometheusText;
import io.sparkvlm.server.metrics.ServerMetrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An OpenAI server over one engine. It owns the preprocessor and the engine from its start on.
 *
 * <p>Thread-safe.
 */
public final class VlmServer implements AutoCloseable {
    /** The share of the heap for what is decoded for the engine. */
    private static final int PATCHES = 4;

    /** The share for bodies, which are there as text and as the bytes of their media, too. */
    private static final int BODIES = 8;

    private static final int PATIENCE_SECONDS = 30;

    private static final int JETTY_THREADS = 16;
    private static final String JSON = "application/json";

    private static final Logger LOG = LoggerFactory.getLogger(VlmServer.class);

    private final Server server;
    private final ServerConnector connector;
    private final StoppingHandler stopping;
    private final ExecutorService preparing;
    private final LiveEngine engine;
    private final Preprocessor preprocessor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private VlmServer(ServerSettings settings, Preprocessor preprocessor, LiveEngine engine) {
        this.preprocessor = preprocessor;
        this.engine = engine;
        this.preparing = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
            Thread thread = new Thread(task, "sparkvlm-prepare");
            thread.setDaemon(true);
            return thread;
        });
        QueuedThreadPool threads = new QueuedThreadPool(JETTY_THREADS);
        threads.setName("sparkvlm-http");
        threads.setDaemon(true);
        this.server = new Server(threads);
        this.connector = connector(settings);
        server.addConnector(connector);
        this.stopping = new StoppingHandler(crossOrigin(settings, routes(settings)));
        server.setHandler(stopping);
        server.setErrorHandler(new ErrorPages());
    }

    /**
     * Opens the engine and listens.
     *
     * @throws IOException when the engine cannot be opened, or the port is taken
     */
    public static VlmServer start(ServerSettings settings, Preprocessor preprocessor, EngineOpener opener)
            throws IOException {
        VlmServer server = new VlmServer(settings, preprocessor, new LiveEngine(opener));
        try {
            server.server.start();
        } catch (IOException e) {
            server.close();
            throw e;
        } catch (Exception e) {
            server.close();
            throw new IllegalStateException("the server does not start", e);
        }
        return server;
    }

    private ServerConnector connector(ServerSettings settings) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector made = new WatchedConnector(server, http);
        made.setHost(settings.host());
        made.setPort(settings.port());
        made.setIdleTimeout(settings.limits().idleTimeout().toMillis());
        made.setShutdownIdleTimeout(settings.limits().idleTimeout().toMillis()); // answers end as they began
        return made;
    }

    private Routes routes(ServerSettings settings) {
        long heap = Runtime.getRuntime().maxMemory();
        ServerMetrics metrics = new ServerMetrics();
        Health health = new Health(engine, settings.engine().stallTimeout());
        EngineSlots slots = new EngineSlots(settings.engine().sequences(), heap / PATCHES);
        Places places = new Places(settings.limits().requests());
        ChatService service = new ChatService(
                preprocessor,
                engine,
                slots,
                preparing,
                server.getThreadPool(),
                settings.limits().requestTimeout(),
                metrics);
        ModelList models = new ModelList(settings.models(), Instant.now().getEpochSecond(), preprocessor.maxModelLen());
        return new Routes(
                Map.of(
                        "/v1/chat/completions",
                        new ChatEndpoint(service, bodies(settings.limits(), heap / BODIES), places),
                        "/v1/models",
                        new TextEndpoint(JSON, () -> new Reply(200, models.json())),
                        "/health",
                        new TextEndpoint(JSON, health::reply),
                        "/metrics",
                        new TextEndpoint(
                                PrometheusText.CONTENT_TYPE,
                                () -> new Reply(
                                        200, metrics.text(engine.counters(), places.taken(), slots.waiting())))),
                settings.apiKey(),
                Set.copyOf(settings.allowedOrigins()));
    }

    private static Bodies bodies(Limits limits, long maxHeldBytes) {
        return new Bodies(limits.bodyBytes(), limits.bodyTimeout(), maxHeldBytes);
    }

    private static Handler crossOrigin(ServerSettings settings, Handler behind) {
        if (settings.allowedOrigins().isEmpty()) {
            return behind;
        }
        CrossOriginHandler handler = new CrossOriginHandler();
        handler.setAllowedOriginPatterns(settings.allowedOrigins().stream()
                .map(origin -> origin.equals("*") ? origin : Pattern.quote(origin))
                .collect(Collectors.toSet()));
        handler.setAllowedMethods(Set.of("GET", "POST"));
        handler.setAllowedHeaders(Set.of("Authorization", "Content-Type", "*")); // a * alone leaves out Authorization
        handler.setExposedHeaders(Set.of("x-request-id", "Retry-After"));
        handler.setHandler(behind);
        return handler;
    }

    /** The port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Takes no more requests, and closes when those that it has are answered, or after the patience. */
    public void stop(Duration patience) {
        server.setStopTimeout(patience.toMillis());
        close();
    }

    /** Waits until it is closed. */
    public void join() throws InterruptedException {
        server.join();
    }

    /** What is being decoded holds memory that the preprocessor frees. */
    private void awaitPreparing() {
        try {
            if (!preparing.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Media are still being decoded while the server closes.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closing it twice is harmless. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.warn("Requests were not answered in time before the server stopped.");
        } catch (Exception e) {
            throw new IllegalStateException("the server does not stop", e);
        } finally {
            preparing.shutdownNow();
            engine.close();
            awaitPreparing();
            preprocessor.close();
        }
    }
}
