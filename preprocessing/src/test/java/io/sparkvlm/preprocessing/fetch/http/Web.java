package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.fetch.DownloadLimits;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Asks the web for tests, to which the loopback stands for it. No limit of time is met unless a test shortens it: what ends then
 * was ended by that one, however busy the machine is.
 */
final class Web {
    static final int MAX_BYTES = 100_000;
    static final String PARAM = "messages[0].content[0].image_url.url";
    /** What no test takes, and a test that hangs is ended by. */
    static final Duration LONG = Duration.ofMinutes(2);

    static final WebLimits LIMITS = limits(LONG, LONG, LONG);
    static final DownloadLimits DOWNLOADS = downloads(LONG);
    /** Knows no name, so that no test asks a name server. */
    static final DnsResolver NO_NAMES = names(Map.of());

    static final WebFile.Sleeper NO_PAUSES = pause -> {};

    private Web() {}

    static WebLimits limits(Duration connect, Duration headers, Duration idle) {
        return new WebLimits(connect, headers, idle, 3, Duration.ofMillis(20), Duration.ofMillis(300), 3, 64, 8);
    }

    static DownloadLimits downloads(Duration deadline) {
        return new DownloadLimits(deadline, 64, 8, 1 << 20, 1 << 20, Duration.ofMinutes(10));
    }

    static DnsResolver names(Map<String, List<String>> addresses) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                List<String> literals =
                        Optional.ofNullable(addresses.get(host)).orElseThrow(() -> new UnknownHostException(host));
                InetAddress[] found = new InetAddress[literals.size()];
                for (int i = 0; i < found.length; i++) {
                    found[i] = InetAddress.getAllByName(literals.get(i))[0];
                }
                return found;
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    /** All hosts, at the addresses of these networks and the public ones. */
    static WebAccess all(String... cidrs) {
        return new WebAccess(List.of("*"), List.of(cidrs));
    }

    /** What most tests need: 127.0.0.1 opened by its CIDR. */
    static MediaFetcher loopback() throws IOException {
        return fetcher(all("127.0.0.1/32"), NO_NAMES);
    }

    static MediaFetcher fetcher(WebAccess access, DnsResolver names) throws IOException {
        return fetcher(access, names, LIMITS, DOWNLOADS);
    }

    static MediaFetcher fetcher(WebAccess access, DnsResolver names, WebLimits limits, DownloadLimits downloads)
            throws IOException {
        return fetcher(new WebStore(access, limits, names, NO_PAUSES), downloads);
    }

    static MediaFetcher fetcher(WebStore store, DownloadLimits downloads) throws IOException {
        return new MediaFetcher(Optional.empty(), List.of(store), downloads);
    }

    static MediaReference at(String url) {
        return new MediaReference(url, MediaKind.IMAGE, PARAM);
    }

    static Outcome<FetchedFile> fetch(MediaFetcher fetcher, String url) {
        return fetcher.fetch(at(url), BinaryColumns.NONE, MAX_BYTES);
    }

    static FetchedFile taken(Outcome<FetchedFile> outcome) {
        return outcome.fold(file -> file, rejection -> {
            throw new AssertionError(rejection.message());
        });
    }

    static Rejection refused(Outcome<FetchedFile> outcome) {
        return outcome.fold(
                file -> {
                    throw new AssertionError("taken: " + file.ref());
                },
                rejection -> rejection);
    }
}
