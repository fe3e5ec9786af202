package io.sparkvlm.preprocessing.fetch.http;

import java.time.Duration;
import java.util.Objects;

/**
 * Bounds on how long a server is waited for, and how often it is asked.
 *
 * @param connect for one address to take a connection
 * @param headers from the request's begin to the end of the answer's headers
 * @param idle between two bytes
 * @param tries of one URL, when nothing connects, or the server is busy or broken
 * @param firstPause before the second try; it doubles for the third
 * @param longestPause however long the server asks to be left alone
 * @param redirects that are followed
 * @param connections at once, of which one host has {@code perHost}
 */
public record WebLimits(
        Duration connect,
        Duration headers,
        Duration idle,
        int tries,
        Duration firstPause,
        Duration longestPause,
        int redirects,
        int connections,
        int perHost) {
    public static final WebLimits DEFAULT = new WebLimits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            3,
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            3,
            128,
            8);

    public WebLimits {
        Objects.requireNonNull(connect, "connect");
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(firstPause, "firstPause");
        Objects.requireNonNull(longestPause, "longestPause");
        if (tries < 1 || redirects < 0 || connections < 1 || perHost < 1) {
            throw new IllegalArgumentException("expected at least one try and one connection, found " + tries + " and "
                    + connections + ", " + perHost + " to a host");
        }
    }
}
