package io.sparkvlm.spark.remote;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** What is known of one server: how much it has to do, and when it may be asked again. Guarded by {@link RemoteServers}. */
final class RemoteServer {
    private final URI chat;
    private final int concurrency;
    private final RemoteSettings.Retries retries;
    private int inFlight;
    private int failuresInARow;
    private long restsUntilNanos;

    RemoteServer(URI url, int concurrency, RemoteSettings.Retries retries) {
        this.chat = path(url, "/v1/chat/completions");
        this.concurrency = concurrency;
        this.retries = retries;
    }

    /** Below a server's address, which its other users may have written with {@code /v1}. */
    static URI path(URI server, String path) {
        return URI.create(server.toString().replaceAll("(/v1)?/*$", "") + path);
    }

    URI chat() {
        return chat;
    }

    int inFlight() {
        return inFlight;
    }

    boolean isHealthy() {
        return failuresInARow == 0;
    }

    /** Whether it takes a request now; one that has failed is tried with one request alone. */
    boolean hasRoom(long nowNanos) {
        return isHealthy() ? inFlight < concurrency : inFlight == 0 && nowNanos - restsUntilNanos >= 0;
    }

    void begin() {
        inFlight++;
    }

    void end() {
        inFlight--;
    }

    void answered() {
        failuresInARow = 0;
    }

    /** Lets the server rest, for as long as it asks for or else twice as long as the last time; returns how long. */
    Duration failed(long nowNanos, Optional<Duration> retryAfter) {
        if (!isHealthy() && restsUntilNanos - nowNanos > 0) { // of requests that were sent before it was seen to fail
            return Duration.ofNanos(restsUntilNanos - nowNanos);
        }
        Duration doubled = retries.firstRest().multipliedBy(1L << Math.min(failuresInARow, 16));
        Duration asked = retryAfter.orElse(doubled);
        Duration rest = asked.compareTo(retries.longestRest()) < 0 ? asked : retries.longestRest();
        failuresInARow++;
        restsUntilNanos = nowNanos + rest.toNanos();
        return rest;
    }
}
