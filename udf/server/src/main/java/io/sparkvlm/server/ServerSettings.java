package io.sparkvlm.server;

import io.sparkvlm.server.http.ApiKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a server is opened with.
 *
 * @param host {@code host}: the address that it listens on
 * @param port {@code port}: 0 takes one that is free
 * @param models the names that requests may call the model by, the answer's first
 * @param apiKey what a client must know; empty lets everybody in
 * @param allowedOrigins {@code allowed-origins}: pages of these may ask, as {@code https://example.org}, or {@code *}
 * @param limits what clients may take of the server
 * @param engine what is known of the engine
 */
public record ServerSettings(
        String host,
        int port,
        List<String> models,
        Optional<ApiKey> apiKey,
        List<String> allowedOrigins,
        Limits limits,
        EngineTraits engine) {
    public ServerSettings {
        Objects.requireNonNull(host, "host");
        require(port >= 0 && port <= 65535, "port from 0 to 65535", port);
        models = List.copyOf(models);
        Objects.requireNonNull(apiKey, "apiKey");
        allowedOrigins = List.copyOf(allowedOrigins);
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(engine, "engine");
    }

    /**
     * What the server knows of its engine.
     *
     * @param sequences {@code max-num-seqs}: that it works on at once
     * @param stallTimeout {@code engine-stall-timeout}: after which one that computes nothing is stuck
     */
    public record EngineTraits(int sequences, Duration stallTimeout) {
        public EngineTraits {
            require(sequences > 0, "max-num-seqs of at least 1", sequences);
            require(stallTimeout.toMillis() > 0, "engine-stall-timeout above 0", stallTimeout.toSeconds());
        }
    }

    /**
     * What clients may take of the server.
     *
     * @param connections {@code max-connections}: that are open at once
     * @param requests {@code max-requests}: that are being answered or wait for it
     * @param bodyBytes {@code max-body-bytes}: of one request
     * @param waitingBytes {@code max-waiting-bytes}: of all requests that have not ended
     * @param refusals {@code max-client-errors}: requests of one address that are refused in a second, before its next ones wait; 0
     *     for any number
     * @param timeouts how long each step of a request may take
     */
    public record Limits(
            int connections, int requests, int bodyBytes, long waitingBytes, int refusals, Timeouts timeouts) {
        public Limits {
            require(connections > 0, "max-connections of at least 1", connections);
            require(requests > 0, "max-requests of at least 1", requests);
            require(bodyBytes > 0, "max-body-bytes of at least 1", bodyBytes);
            require(waitingBytes > 0, "max-waiting-bytes of at least 1", waitingBytes);
            require(refusals >= 0, "max-client-errors of at least 0", refusals);
            Objects.requireNonNull(timeouts, "timeouts");
        }
    }

    /**
     * How long a client may take.
     *
     * @param body {@code body-timeout}: from the first byte of a request's head to the last, and again until its body has come
     * @param request {@code request-timeout}: from then until its answer is there
     * @param idle {@code idle-timeout}: that a connection may do nothing, and a client take nothing of its answer
     */
    public record Timeouts(Duration body, Duration request, Duration idle) {
        public Timeouts {
            require(body.toMillis() > 0, "body-timeout above 0", body.toSeconds());
            require(request.toMillis() > 0, "request-timeout above 0", request.toSeconds());
            require(idle.toMillis() > 0, "idle-timeout above 0", idle.toSeconds());
        }
    }

    private static void require(boolean holds, String expected, long found) {
        if (!holds) {
            throw new IllegalArgumentException("expected " + expected + ", found " + found);
        }
    }
}
