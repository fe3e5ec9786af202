package io.sparkvlm.server;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.server.ServerSettings.Limits;
import io.sparkvlm.server.http.Bodies;
import io.sparkvlm.server.http.ClientTurnsHandler;
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
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
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

    private static final int PATIENCE_SECONDS = 30;

    /** A model's name may be Qwen/Qwen2-VL-2B-Instruct, whose slash clients escape. Jetty takes it for a trick by itself. */
    private static final UriCompliance NAMES_WITH_SLASHES =
            UriCompliance.DEFAULT.with("names", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR);

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
        ServerMetrics metrics = new ServerMetrics();
        this.stopping = new StoppingHandler(
                byTurns(settings.limits(), crossOrigin(settings, routes(settings, metrics)), metrics), metrics::began);
        server.setHandler(stopping);
        server.setErrorHandler(new ErrorPages(metrics::began));
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
        http.setUriCompliance(NAMES_WITH_SLASHES);
        Limits limits = settings.limits();
        ServerConnector made =
                new WatchedConnector(server, http, limits.timeouts().body());
        made.setHost(settings.host());
        made.setPort(settings.port());
        made.setIdleTimeout(limits.timeouts().idle().toMillis());
        made.setShutdownIdleTimeout(limits.timeouts().idle().toMillis()); // answers end as they began
        server.addBean(new NetworkConnectionLimit(limits.connections(), made)); // the others wait to be accepted
        return made;
    }

    private Routes routes(ServerSettings settings, ServerMetrics metrics) {
        long heap = Runtime.getRuntime().maxMemory();
        Health health = new Health(engine, settings.engine().stallTimeout());
        EngineSlots slots = new EngineSlots(settings.engine().sequences(), heap / PATCHES);
        Places places = new Places(settings.limits().requests());
        ChatService service = new ChatService(
                preprocessor,
                engine,
                slots,
                preparing,
                server.getThreadPool(),
                settings.limits().timeouts().request(),
                metrics);
        ModelList models = new ModelList(settings.models(), Instant.now().getEpochSecond(), preprocessor.maxModelLen());
        return new Routes(
                Map.of(
                        "/v1/chat/completions",
                        new ChatEndpoint(service, bodies(settings.limits(), metrics), places),
                        ModelEndpoint.LIST,
                        new TextEndpoint(JSON, () -> new Reply(200, models.json())),
                        ModelEndpoint.PATHS,
                        new ModelEndpoint(models),
                        "/health",
                        new TextEndpoint(JSON, health::reply),
                        "/metrics",
                        new TextEndpoint(
                                PrometheusText.CONTENT_TYPE,
                                () -> new Reply(
                                        200,
                                        metrics.text(
                                                engine.counters(),
                                                connector
                                                        .getConnectedEndPoints()
                                                        .size(),
                                                places.taken(),
                                                slots.waiting())))),
                settings.apiKey(),
                Set.copyOf(settings.allowedOrigins()),
                metrics::began);
    }

    private static Bodies bodies(Limits limits, ServerMetrics metrics) {
        return new Bodies(
                limits.bodyBytes(),
                limits.timeouts().body(),
                limits.waitingBytes(),
                error -> metrics.refused(error.name()));
    }

    private static Handler byTurns(Limits limits, Handler behind, ServerMetrics metrics) {
        return limits.refusals() == 0 ? behind : new ClientTurnsHandler(behind, limits.refusals(), metrics::began);
    }

    private static Handler crossOrigin(ServerSettings settings, Handler behind) {
        if (settings.allowedOrigins().isEmpty()) {
            return behind;
        }
        CrossOriginHandler handler = new CrossOriginHandler();
        handler.setAllowedOriginPatterns(settings.allowedOrigins().stream()
                .map(origin -> origin.equals("*") ? origin : Pattern.quote(origin))
                .collect(Collectors.toSet()));
        handler.setAllowedMethods(Set.of("GET", "HEAD", "POST"));
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
