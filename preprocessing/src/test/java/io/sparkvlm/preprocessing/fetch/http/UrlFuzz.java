package io.sparkvlm.preprocessing.fetch.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.Messages;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Whatever is written, a URL is one that may be asked for or an error, and stays the same one when it is read again. No
 * address passes that is not public, and none is dialled. A fuzzer brings the URL, which is a redirect's too.
 */
public final class UrlFuzz {
    private static final AddressRules PUBLIC = AddressRules.allowing(List.of());
    /** Names are in their owner's power: all of them lead to what is closed. */
    private static final CheckedResolver RESOLVER = new CheckedResolver(new Closed(), PUBLIC);

    private static final WebStore STORE = new WebStore(Web.all(), Web.LIMITS, Web.NO_NAMES, Web.NO_PAUSES);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private UrlFuzz() {}

    public static List<byte[]> seeds() {
        return List.of(
                        "https://example.org/a/b.png?c=d#e",
                        "http://8.8.8.8:80/",
                        "http://2130706433/",
                        "http://0x7f.1:8080/",
                        "http://0177.0.0.1./",
                        "http://[2606:4700::1111]/",
                        "http://[::ffff:127.0.0.1]:80/",
                        "http://[64:ff9b::7f00:1]/",
                        "http://b\u00FCcher.example/\u00FC?\u00FC",
                        "http://\uFF11\uFF12\uFF17\u30020.0.1/",
                        "http://user@127.0.0.1/",
                        "//example.org/a",
                        "/a?b",
                        "../a",
                        "?a",
                        "120",
                        "Wed, 21 Oct 2026 07:28:00 GMT")
                .stream()
                .map(url -> url.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) throws RefusedUrlException {
        String url = new String(bytes, StandardCharsets.UTF_8);
        parsed(url).ifPresent(found -> check(url, found));
        redirected(WebUrl.parse("https://example.org:8443/folder/file?query"), url)
                .ifPresent(found -> check(url, found));
        STORE.find(Web.at(url)).fold(file -> checked(file.ref(), url), rejection -> checked(rejection, url));
        RetryAfter.parse(url, NOW)
                .ifPresent(wait -> assertThat(wait.isNegative()).as(url).isFalse());
    }

    private static Optional<WebUrl> parsed(String url) {
        try {
            return Optional.of(WebUrl.parse(url));
        } catch (RefusedUrlException e) {
            return Optional.empty();
        }
    }

    private static Optional<WebUrl> redirected(WebUrl from, String location) {
        try {
            return Optional.of(from.redirected(location));
        } catch (RefusedUrlException e) {
            return Optional.empty();
        }
    }

    private static boolean checked(Rejection rejection, String url) {
        Messages.assertClean(rejection, url);
        return false;
    }

    private static boolean checked(String ref, String url) {
        assertThat(ref).as(url).doesNotContain("?");
        return true;
    }

    private static void check(String url, WebUrl found) {
        assertThat(parsed(found.text())).as(url).contains(found);
        assertThat(found.target()).as(url).startsWith("/").matches("[!-~]+");
        assertThat(found.host().text()).as(url).matches("[0-9a-z._:-]+");
        assertThat(found.port()).as(url).isBetween(1, 65535);
        assertThat(found.shown()).as(url).doesNotContain("?", "#");
        javaHost(found.text())
                .ifPresent(
                        host -> assertThat(host).as(url).isEqualTo(found.host().text()));
        for (InetAddress address : dialled(found.host())) {
            assertThat(isClosed(address)).as(url).isFalse();
        }
    }

    /** What another reader of URLs makes of it, if anything: names with an underscore are none for Java. */
    private static Optional<String> javaHost(String url) {
        try {
            return Optional.ofNullable(new URI(url).getHost())
                    .map(host -> host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", ""));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static List<InetAddress> dialled(WebHost host) {
        try {
            return List.of(RESOLVER.resolve(host.text()));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /** As the JDK sees it. */
    private static boolean isClosed(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || (address instanceof Inet6Address && (address.getAddress()[0] & 0xFE) == 0xFC); // fc00::/7
    }

    private static final class Closed implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return new InetAddress[] {
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                InetAddress.getByAddress(new byte[] {(byte) 169, (byte) 254, (byte) 169, (byte) 254}),
                InetAddress.getByAddress(new byte[] {10, 0, 0, 1})
            };
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
