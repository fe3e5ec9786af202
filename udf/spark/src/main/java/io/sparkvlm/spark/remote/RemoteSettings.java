package io.sparkvlm.spark.remote;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Says which servers that run already are asked, and with how much patience. The key is not among it: it stays in the environment of each
 * process.
 *
 * @param urls of the servers, with or without {@code /v1}
 * @param concurrency requests that one server has at once
 * @param connectTimeout for a connection
 * @param answerTimeout from the request to the whole answer
 * @param retries of what may pass
 */
public record RemoteSettings(
        List<URI> urls, int concurrency, Duration connectTimeout, Duration answerTimeout, Retries retries)
        implements Serializable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    public RemoteSettings {
        urls = List.copyOf(urls);
        Objects.requireNonNull(retries, "retries");
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("expected at least one engine-url, or an engine-command, found neither");
        }
        urls.forEach(RemoteSettings::requireHttp);
        if (concurrency < 1) {
            throw new IllegalArgumentException("expected engine-concurrency of at least 1, found " + concurrency);
        }
        requirePositive("connect timeout", connectTimeout);
        requirePositive("answer timeout", answerTimeout);
    }

    /** Settings with the usual patience. */
    public static RemoteSettings of(List<URI> urls, int concurrency, Duration answerTimeout) {
        return new RemoteSettings(urls, concurrency, CONNECT_TIMEOUT, answerTimeout, Retries.DEFAULT);
    }

    /** The same of one server on this machine. */
    static RemoteSettings ofThisMachine(int port, int concurrency, Duration answerTimeout) {
        return of(List.of(ofThisMachine(port)), concurrency, answerTimeout);
    }

    /** The address of a server on this machine. */
    static URI ofThisMachine(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Requests that all servers have at once. */
    public int inFlight() {
        return Math.multiplyExact(urls.size(), concurrency);
    }

    /**
     * The bounds of trying again.
     *
     * @param faults of one row, as broken connections, after which it is an error
     * @param refusals of one row by servers that have no room, after which it is an error
     * @param firstRest of a server that failed, doubled with each failure in a row
     * @param longestRest that the doubling, and a server's Retry-After, ends at
     * @param outage of all servers at once, after which the job ends
     */
    public record Retries(int faults, int refusals, Duration firstRest, Duration longestRest, Duration outage)
            implements Serializable {
        public static final Retries DEFAULT =
                new Retries(3, 20, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(10));

        public Retries {
            if (faults < 1 || refusals < 1) {
                throw new IllegalArgumentException(
                        "expected at least one fault and one refusal, found " + faults + " and " + refusals);
            }
            requirePositive("first rest", firstRest);
            requirePositive("longest rest", longestRest);
            requirePositive("outage", outage);
        }
    }

    private static void requireHttp(URI url) {
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getUserInfo() != null || url.getQuery() != null) {
            throw new IllegalArgumentException(
                    "expected engine-url as http://host:port, without a password and a query, found one that is not");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("expected a " + name + " of more than no time, found " + value);
        }
    }
}
