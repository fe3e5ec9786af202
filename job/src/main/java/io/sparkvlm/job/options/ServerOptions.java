package io.sparkvlm.job.options;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.server.ServerSettings;
import io.sparkvlm.server.ServerSettings.EngineTraits;
import io.sparkvlm.server.ServerSettings.Limits;
import io.sparkvlm.server.ServerSettings.Timeouts;
import io.sparkvlm.server.http.ApiKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where a server listens, and what clients may take of it. */
@HelpGroup.Of(HelpGroup.SERVER)
public final class ServerOptions {
    /** No option, because the arguments of a process are for all users of its machine to read. */
    public static final String API_KEY_VARIABLE = "SPARKVLM_API_KEY";

    /** For requests, which are there as text and as the bytes of their media, too. */
    private static final int HEAP_SHARE = 8;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description = "Address to listen on, as 0.0.0.0 for all of this machine's (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            defaultValue = "8000",
            paramLabel = "N",
            description = "Port to listen on; 0 takes one that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--allowed-origins",
            split = ",",
            paramLabel = "ORIGIN",
            description = "Pages in browsers that may ask, as https://example.org, or *; without them none may.")
    private List<String> allowedOrigins = List.of();

    @Option(
            names = "--max-connections",
            defaultValue = "1024",
            paramLabel = "N",
            description =
                    "Connections that are open at once; others wait until one closes (default: ${DEFAULT-VALUE}).")
    private int maxConnections;

    @Option(
            names = "--max-requests",
            defaultValue = "256",
            paramLabel = "N",
            description = "Requests that are answered or wait for it; more are refused with status 429 (default:"
                    + " ${DEFAULT-VALUE}).")
    private int maxRequests;

    @Option(
            names = "--max-body-bytes",
            defaultValue = "67108864",
            paramLabel = "N",
            description = "Largest request (default: ${DEFAULT-VALUE}).")
    private int maxBodyBytes;

    @Option(
            names = "--max-waiting-bytes",
            paramLabel = "N",
            description = "Bytes of all requests that have not ended; what comes then is refused with status 429"
                    + " (default: an eighth of the heap).")
    private long maxWaitingBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;

    @Option(
            names = "--max-client-errors",
            defaultValue = "20",
            paramLabel = "N",
            description =
                    "Requests of one address that are refused with a status of 400 to 499 in a second; more of it wait for"
                            + " their turns, and get 429 where there are too many. 0: any number, as behind a proxy, where all have one"
                            + " address (default: ${DEFAULT-VALUE}).")
    private int maxClientErrors;

    @Option(
            names = "--body-timeout",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description = "Longest that the head of a request may take to come, and then its body (default:"
                    + " ${DEFAULT-VALUE}).")
    private int bodyTimeoutSeconds;

    @Option(
            names = "--request-timeout",
            defaultValue = "600",
            paramLabel = "SECONDS",
            description = "Longest that an answer may take, waiting included (default: ${DEFAULT-VALUE}).")
    private int requestTimeoutSeconds;

    @Option(
            names = "--idle-timeout",
            defaultValue = "30",
            paramLabel = "SECONDS",
            description = "Longest that a connection may be idle, or a client take nothing of its answer (default:"
                    + " ${DEFAULT-VALUE}).")
    private int idleTimeoutSeconds;

    @Option(
            names = "--stop-timeout",
            defaultValue = "25",
            paramLabel = "SECONDS",
            description = "Longest that the server goes on answering after SIGTERM (default: ${DEFAULT-VALUE}).")
    private int stopTimeoutSeconds;

    public Duration stopTimeout() {
        return Duration.ofSeconds(stopTimeoutSeconds);
    }

    /**
     * The settings of a server.
     *
     * @param models the names that requests may call the model by
     * @param engine what is known of the engine
     * @param environment of this process, which has the API key
     */
    public ServerSettings settings(List<String> models, EngineTraits engine, Map<String, String> environment)
            throws JobRefusedException {
        if (stopTimeoutSeconds < 0) {
            throw new JobRefusedException("expected stop-timeout of 0 or more, found " + stopTimeoutSeconds);
        }
        Optional<String> key =
                Optional.ofNullable(environment.get(API_KEY_VARIABLE)).filter(text -> !text.isEmpty());
        try {
            return new ServerSettings(
                    host,
                    port,
                    models,
                    key.map(ApiKey::new),
                    allowedOrigins,
                    new Limits(
                            maxConnections,
                            maxRequests,
                            maxBodyBytes,
                            maxWaitingBytes,
                            maxClientErrors,
                            new Timeouts(
                                    Duration.ofSeconds(bodyTimeoutSeconds),
                                    Duration.ofSeconds(requestTimeoutSeconds),
                                    Duration.ofSeconds(idleTimeoutSeconds))),
                    engine);
        } catch (IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }
}
