package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Rejection;
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

/** Asks the web for tests, to which the loopback stands for it. Deadlines are short. */
final class Web {
    static final int MAX_BYTES = 100_000;
    static final String PARAM = "messages[0].content[0].image_url.url";
    static final WebLimits LIMITS = new WebLimits(
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofMillis(400),
            3,
            Duration.ofMillis(20),
            Duration.ofMillis(300),
            3,
            64,
            8);
    static final DownloadLimits DOWNLOADS =
            new DownloadLimits(Duration.ofSeconds(2), 64, 8, 1 << 20, 1 << 20, Duration.ofMinutes(1));
    /** Knows no name, so that no test asks a name server. */
    static final DnsResolver NO_NAMES = names(Map.of());

    private Web() {}

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
        return new MediaFetcher(Optional.empty(), List.of(new WebStore(access, limits, names)), downloads);
    }

    static MediaReference at(String url) {
        return new MediaReference(url, MediaKind.IMAGE, PARAM);
    }

    static Outcome<FetchedFile> fetch(MediaFetcher fetcher, String url) {
        return fetcher.fetch(at(url), Map.of(), MAX_BYTES);
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
