package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.Messages;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.media.FetchedFile;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Fetches a URL that a stranger wrote as a row's is, when all hosts are allowed, so that addresses alone decide. All
 * names lead to this machine and to what is not public; addresses that are public are told and not dialled.
 */
public final class SsrfTrial implements AutoCloseable {
    /** Where the server that redirects is, which may be dialled; no list has it. */
    private static final String REDIRECTING = "127.83.71.2";

    private static final AddressRules PUBLIC = AddressRules.allowing(List.of());

    private final AtomicReference<String> location = new AtomicReference<>("");
    private final AtomicInteger redirects = new AtomicInteger();
    private final StubServer server;
    private final Canary canary;
    private final MediaFetcher fetcher;

    private SsrfTrial(Collection<Integer> ports) throws IOException {
        this.server = StubServer.on(
                REDIRECTING,
                (request, out) -> StubServer.answer(out, "302 Found", new byte[0], "Location: " + location.get()));
        this.canary = Canary.on(ports);
        this.fetcher = Web.fetcher(Web.all(REDIRECTING + "/32"), new Inwards());
    }

    /**
     * Sets out canaries.
     *
     * @param ports where no connection may come, as far as this process may listen there
     */
    public static SsrfTrial on(Collection<Integer> ports) throws IOException {
        return new SsrfTrial(ports);
    }

    /**
     * What became of a URL.
     *
     * @param kind the rejection's code, or what else happened
     * @param sound whether that is as it should be
     */
    public record Verdict(String kind, boolean sound) {}

    /** A request names it. */
    public Verdict named(String url) {
        Optional<WebUrl> parsed = parsed(url);
        return isPublic(parsed)
                ? new Verdict("(a public address)", true)
                : judged(Web.fetch(fetcher, url), url + parsed.map(WebUrl::text).orElse(""));
    }

    /** A server that may be asked redirects to it. */
    public Verdict redirectedTo(String url) {
        String start = server.url("/" + redirects.incrementAndGet());
        String header = new String(url.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        if (isPublic(redirected(start, header.strip()))) {
            return new Verdict("(a public address)", true);
        }
        location.set(header);
        return judged(Web.fetch(fetcher, start), start);
    }

    public int canaries() {
        return canary.ports();
    }

    public int canaryConnections() {
        return canary.connections.get();
    }

    /** @param known what a message may repeat */
    private static Verdict judged(Outcome<FetchedFile> outcome, String known) {
        return outcome.fold(SsrfTrial::taken, rejection -> {
            try {
                Messages.assertClean(rejection, known);
                return new Verdict(rejection.code().wireName(), true);
            } catch (AssertionError e) {
                return new Verdict("(an error that says too much) " + rejection.message(), false);
            }
        });
    }

    /** What a request carries itself is no one else's. */
    private static Verdict taken(FetchedFile file) {
        boolean inline = file.ref().startsWith("data:") || file.ref().equals("base64");
        return new Verdict(inline ? "(in the request itself)" : "(taken) " + file.ref(), inline);
    }

    private static Optional<WebUrl> parsed(String url) {
        try {
            return Optional.of(WebUrl.parse(url));
        } catch (RefusedUrlException e) {
            return Optional.empty();
        }
    }

    private static Optional<WebUrl> redirected(String start, String location) {
        try {
            return Optional.of(WebUrl.parse(start).redirected(location));
        } catch (RefusedUrlException e) {
            return Optional.empty();
        }
    }

    private static boolean isPublic(Optional<WebUrl> url) {
        return url.flatMap(found -> found.host().address())
                .filter(PUBLIC::permits)
                .isPresent();
    }

    @Override
    public void close() throws IOException {
        fetcher.close();
        server.close();
        canary.close();
    }

    /** The worst that the owner of a name can do. */
    private static final class Inwards implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return List.of("127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "fd00:ec2::254").stream()
                    .map(text -> IpText.network(text).orElseThrow().toInetAddress())
                    .toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
