package io.sparkvlm.preprocessing.fetch.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.fetch.DownloadLimits;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.media.FetchedFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No author of a request, name server or redirect reaches what the job did not open. */
class SsrfTest {
    private static final List<String> CLOSED_IPV4 = List.of(
            "127.0.0.1",
            "127.1.2.3",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16");
    private static final List<String> CLOSED_IPV6 = List.of(
            "::",
            "::1",
            "0:0:0:0:0:0:0:1",
            "0000:0000:0000:0000:0000:0000:0000:0001",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "fd12:3456:789a::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2001:10::1",
            "2001:20::1",
            "3fff::1",
            "100::1",
            "5f00::1",
            "::ffff:0:127.0.0.1",
            "4000::1");
    /** {@code PORT} is the canary's. */
    private static final List<String> TRICKS = List.of(
            "http://localhost:PORT/",
            "http://LOCALHOST:PORT/",
            "http://localhost.:PORT/",
            "http://localhost..:PORT/",
            "http://\u24DBocalhost:PORT/",
            "http://loc\u00ADalhost:PORT/",
            "http://\uFF4C\uFF4F\uFF43alhost:PORT/",
            "http://ip6-localhost:PORT/",
            "http://metadata.google.internal/",
            "http://internal.example.org:PORT/",
            "http://both.example.org:PORT/",
            "http://user@127.0.0.1:PORT/",
            "http://user:hunter2@127.0.0.1:PORT/",
            "http://public.example.org@127.0.0.1:PORT/",
            "http://public.example.org:80@127.0.0.1:PORT/",
            "http://127.0.0.1:PORT@public.example.org/",
            "http://public.example.org%40127.0.0.1:PORT/",
            "http://public.example.org#@127.0.0.1:PORT/",
            "http://public.example.org?@127.0.0.1:PORT/",
            "http://127.0.0.1:PORT#@public.example.org/",
            "http://public.example.org\\@127.0.0.1:PORT/",
            "http://127.0.0.1:PORT\\@public.example.org/",
            "http:\\\\127.0.0.1:PORT\\",
            "http:/127.0.0.1:PORT/",
            "http:127.0.0.1:PORT/",
            "http:user:hunter2@127.0.0.1:PORT/",
            "http:/user:hunter2@127.0.0.1:PORT/",
            "user:hunter2@127.0.0.1:PORT",
            "http:///127.0.0.1:PORT/",
            "http:////127.0.0.1:PORT/",
            "http://\t127.0.0.1:PORT/",
            "http://127.0.0.1\t:PORT/",
            "http://127.0.0.1\n:PORT/",
            "ht\ttp://127.0.0.1:PORT/",
            " http://127.0.0.1:PORT/",
            "http://127.0.0.1 :PORT/",
            "http://127.0.0.1\u0000:PORT/",
            "http://127.0.0.1\u0000.example.org:PORT/",
            "http://127.0.0.1%00.example.org:PORT/",
            "http://127.0.0.1%2F.example.org:PORT/",
            "http://127.0.0.1%23.example.org:PORT/",
            "http://127.0.0.1\r\nHost: public.example.org:PORT/",
            "http://%31%32%37.0.0.1:PORT/",
            "http://127%2E0.0.1:PORT/",
            "http://[::1%25lo]:PORT/",
            "http://[::1%lo]:PORT/",
            "http://[::1]:PORT@public.example.org/",
            "http://[127.0.0.1]:PORT/",
            "http://[::ffff:127.0.0.1]:PORT/",
            "http://[::ffff:7f00:1]:PORT/",
            "http://[[::1]]:PORT/",
            "http://[::1:PORT/",
            "http://::1:PORT/",
            "http://[v1.127.0.0.1]:PORT/",
            "http://127.0.0.1:PORT:80/",
            "http://127.0.0.1:+PORT/",
            "http://127.0.0.1:\uFF11\uFF12/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1:99999999999/",
            "http://127.0.0.1:-1/",
            "http://127.0.0.256:PORT/",
            "http://127.0.0.1.5:PORT/",
            "http://4294967297:PORT/",
            "http://4294967296:PORT/",
            "http://0x17f000001:PORT/",
            "http://0x:PORT/",
            "http://127.0.0.0x:PORT/",
            "http://127.0.0.08:PORT/",
            "http://0000000000000177.0.0.1:PORT/",
            "http://127.00000000.00000.0001:PORT/",
            "http://127.0.0.1..:PORT/",
            "http://.127.0.0.1:PORT/",
            "http://127..0.1:PORT/",
            "http://0:PORT/",
            "http://0/",
            "http://0x0:PORT/",
            "http://00:PORT/",
            "http://127.0.0.1,public.example.org:PORT/",
            "http://127.0.0.1;public.example.org:PORT/",
            "http://127.0.0.1|public.example.org:PORT/",
            "http://127.0.0.1&public.example.org:PORT/",
            "http://10.*:PORT/",
            "http://127.0.0.0-5:PORT/",
            "http://127.0.0.0/8:PORT/",
            "http://*:PORT/",
            "http://:PORT/",
            "http://",
            "http:",
            "https:",
            "http://@/",
            "http://#",
            "http://?",
            "//127.0.0.1:PORT/",
            "HTTP://127.0.0.1:PORT/",
            "hTTps://127.0.0.1:PORT/",
            "url:http://127.0.0.1:PORT/",
            "jar:http://127.0.0.1:PORT/!/",
            "feed:http://127.0.0.1:PORT/",
            "view-source:http://127.0.0.1:PORT/",
            "gopher://127.0.0.1:PORT/_x",
            "ftp://127.0.0.1:PORT/",
            "ldap://127.0.0.1:PORT/",
            "dict://127.0.0.1:PORT/",
            "ws://127.0.0.1:PORT/",
            "netdoc:///etc/passwd",
            "http://\u2460\u2461\u2466.\u24EA.\u24EA.\u2460:PORT/",
            "http://127\u30020\u30020\u30021:PORT/",
            "http://127\uFF0E0\uFF0E0\uFF0E1:PORT/",
            "http://127\uFF610\uFF610\uFF611:PORT/",
            "http://\u0661\u0662\u0667.0.0.1:PORT/",
            "http://\u0967\u0968\u096D.0.0.1:PORT/",
            "http://\uD835\uDFCF\uD835\uDFD0\uD835\uDFD5.0.0.1:PORT/",
            "http://127.0.0.1\u200B:PORT/",
            "http://\u202E127.0.0.1:PORT/",
            "http://\uFEFF127.0.0.1:PORT/",
            "http://127.0.0.1\uD800:PORT/");

    private static final DnsResolver NAMES = Web.names(Map.of(
            "localhost", List.of("127.0.0.1", "::1"),
            "ip6-localhost", List.of("::1"),
            "metadata.google.internal", List.of("169.254.169.254"),
            "internal.example.org", List.of("127.0.0.1"),
            "both.example.org", List.of("127.0.0.1", "10.0.0.1", "::1", "fd00::1")));

    private final List<StubServer> canaries = new ArrayList<>();
    private int port;

    @BeforeEach
    void listen() throws IOException {
        canaries.add(StubServer.on("127.0.0.1", (request, out) -> StubServer.answer(out, "200 OK", new byte[1])));
        port = canaries.get(0).port();
        for (String address : List.of("127.1.2.3", "::1")) {
            canaries.add(StubServer.on(address, port, (request, out) -> StubServer.answer(out, "200 OK", new byte[1])));
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (StubServer canary : canaries) {
            canary.close();
        }
    }

    @Test
    void noSpellingOfAnAddressThatIsNotPublicIsDialled() throws IOException {
        Set<String> urls = new LinkedHashSet<>();
        for (String address : CLOSED_IPV4) {
            spellings(address).forEach(host -> urls.add("http://" + host + ":" + port + "/latest/meta-data"));
        }
        CLOSED_IPV6.forEach(address -> urls.add("http://[" + address + "]:" + port + "/"));
        TRICKS.forEach(url -> urls.add(url.replace("PORT", String.valueOf(port))));
        assertThat(urls).hasSizeGreaterThan(500);

        try (MediaFetcher fetcher = Web.fetcher(Web.all(), NAMES)) {
            for (String url : urls) {
                assertThat(addressOf(url).filter(AddressRules.allowing(List.of())::permits))
                        .as(url)
                        .isEmpty();
                Rejection rejection = Web.refused(Web.fetch(fetcher, url));
                assertThat(rejection.code())
                        .as(url)
                        .isIn(
                                MediaCode.URL_NOT_ALLOWED,
                                MediaCode.INVALID_IMAGE_URL,
                                MediaCode.FAILED_TO_DOWNLOAD_IMAGE);
                assertThat(rejection.message())
                        .as(url)
                        .hasSizeLessThanOrEqualTo(300)
                        .doesNotContain("hunter2");
            }
        }
        assertThat(canaries).allSatisfy(canary -> assertThat(canary.connections).hasValue(0));
    }

    @Test
    void whatIsRefusedForItsAddressNamesNoAddressThatWasLookedUp() throws IOException {
        try (MediaFetcher fetcher = Web.fetcher(Web.all(), NAMES)) {
            Rejection rejection =
                    Web.refused(Web.fetch(fetcher, "http://internal.example.org:" + port + "/a.png?token=secret#part"));

            assertThat(rejection.code()).isEqualTo(MediaCode.URL_NOT_ALLOWED);
            assertThat(rejection.message())
                    .contains("http://internal.example.org:" + port + "/a.png")
                    .doesNotContain("127.0.0.1", "secret", "part");
        }
    }

    @Test
    void theTestsReachTheLoopbackOnlyThroughTheirCidr() throws IOException {
        String url = "http://127.0.0.1:" + port + "/";
        try (MediaFetcher closed = Web.fetcher(Web.all(), NAMES);
                MediaFetcher open = Web.fetcher(Web.all("127.0.0.1/32"), NAMES)) {
            assertThat(Web.refused(Web.fetch(closed, url)).code()).isEqualTo(MediaCode.URL_NOT_ALLOWED);
            assertThat(Web.taken(Web.fetch(open, url)).bytes()).hasSize(1);
        }
        try (MediaFetcher production =
                new MediaFetcher(Optional.empty(), List.of(new WebStore(Web.all())), DownloadLimits.DEFAULT)) {
            assertThat(Web.refused(Web.fetch(production, url)).code()).isEqualTo(MediaCode.URL_NOT_ALLOWED);
        }
        assertThat(canaries.get(0).connections).hasValue(1);
    }

    @Test
    void noRedirectLeadsToWhatIsNotAllowed() throws IOException {
        List<String> locations = new ArrayList<>(redirects());
        assertThat(locations).hasSizeGreaterThan(80);
        AtomicInteger next = new AtomicInteger();
        WebAccess access = new WebAccess(List.of("127.0.0.2", "*.example.org", "localhost"), List.of("127.0.0.2/32"));
        try (StubServer stub = StubServer.on(
                        "127.0.0.2",
                        (request, out) -> StubServer.answer(
                                out,
                                List.of("301 Moved", "302 Found", "303 See", "307 Moved", "308 Moved")
                                        .get(next.get() % 5),
                                new byte[0],
                                "Location: " + locations.get(next.get())));
                MediaFetcher fetcher = Web.fetcher(access, NAMES)) {
            for (; next.get() < locations.size(); next.incrementAndGet()) {
                String location = locations.get(next.get());
                Rejection rejection = Web.refused(Web.fetch(fetcher, stub.url("/start" + next.get())));
                assertThat(rejection.code())
                        .as(location)
                        .isIn(
                                MediaCode.URL_NOT_ALLOWED,
                                MediaCode.INVALID_IMAGE_URL,
                                MediaCode.FAILED_TO_DOWNLOAD_IMAGE);
                assertThat(rejection.message())
                        .as(location)
                        .hasSizeLessThanOrEqualTo(300)
                        .doesNotContain("secret", "meta-data");
            }
            assertThat(stub.connections.get()).isGreaterThanOrEqualTo(locations.size());
        }
        assertThat(canaries).allSatisfy(canary -> assertThat(canary.connections).hasValue(0));
    }

    @Test
    void aNameThatResolvesOtherwiseAMomentLaterIsDialledAsItWasChecked() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        DnsResolver rebinding = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                InetAddress open = InetAddress.getByName("127.0.0.2");
                InetAddress closed = InetAddress.getAllByName("127.0.0.1")[0];
                return switch (asked.getAndIncrement() % 4) {
                    case 0 -> new InetAddress[] {open};
                    case 1 -> new InetAddress[] {closed};
                    case 2 -> new InetAddress[] {closed, open};
                    default -> new InetAddress[] {open, closed};
                };
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
        try (StubServer stub = StubServer.on(
                        "127.0.0.2", port, (request, out) -> StubServer.answer(out, "200 OK", new byte[2]));
                MediaFetcher fetcher =
                        Web.fetcher(new WebAccess(List.of("rebind.example.org"), List.of("127.0.0.2/32")), rebinding)) {
            int taken = 0;
            for (int i = 0; i < 1000; i++) {
                Outcome<FetchedFile> outcome = Web.fetch(fetcher, "http://rebind.example.org:" + port + "/" + i);
                taken += outcome.fold(file -> file.bytes().length / 2, rejection -> 0);
            }
            assertThat(taken).isEqualTo(750);
            assertThat(asked).hasValue(1000);
        }
        assertThat(canaries).allSatisfy(canary -> assertThat(canary.connections).hasValue(0));
    }

    @Test
    void onlyTheHostsThatAreAllowedAreAskedFor() throws IOException {
        WebAccess access =
                new WebAccess(List.of("Example.ORG", "*.pictures.example", "bücher.example", "8.8.8.8"), List.of());
        WebStore store = new WebStore(access, Web.LIMITS, Web.NO_NAMES, Web.NO_PAUSES);
        for (String host : List.of(
                "example.org",
                "EXAMPLE.org.",
                "a.pictures.example",
                "a.b.pictures.example",
                "xn--bcher-kva.example",
                "B\u00FCcher.example",
                "8.8.8.8",
                "0x08.8.8.8",
                "example.org:8443")) {
            assertThat(store.find(Web.at("https://" + host + "/a.png")).<Boolean>fold(it -> true, it -> false))
                    .as(host)
                    .isTrue();
        }
        for (String host : List.of(
                "www.example.org",
                "example.org.evil.example",
                "evil-example.org",
                "pictures.example",
                "evilpictures.example",
                "8.8.4.4",
                "[2000::1]",
                "org")) {
            assertThat(store.find(Web.at("https://" + host + "/a.png?token=secret"))
                            .<Rejection>fold(it -> null, it -> it))
                    .as(host)
                    .matches(it -> it.code() == MediaCode.URL_NOT_ALLOWED)
                    .matches(it -> !it.message().contains("secret"));
        }
        store.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "http://example.org", "example.org:80", "*.", "*example.org", "a b", "*.10.0.0.1", "**"})
    void aDomainThatIsNoneStopsTheJob(String domain) {
        assertThatThrownBy(() -> new WebAccess(List.of(domain), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed-media-domains");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.*", "localhost", "*", "10.0.0.1-9", "0x7f.1/8", "/8"})
    void aNetworkThatIsNoneStopsTheJob(String cidr) {
        assertThatThrownBy(() -> new WebAccess(List.of("*"), List.of(cidr)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/8");
    }

    @Test
    void publicAddressesMayBeDialledAndThoseBehindNat64() throws IOException {
        AddressRules rules = AddressRules.allowing(List.of());
        for (String address :
                List.of("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::8.8.8.8")) {
            assertThat(rules.permits(InetAddress.getAllByName(address)[0]))
                    .as(address)
                    .isTrue();
        }
        AddressRules local = AddressRules.allowing(List.of("10.1.2.3/16", "fd00::/8"));
        assertThat(local.permits(InetAddress.getByName("10.1.255.1"))).isTrue();
        assertThat(local.permits(InetAddress.getByName("fd00::7"))).isTrue();
        assertThat(local.permits(InetAddress.getByName("10.2.0.1"))).isFalse();
        assertThat(local.permits(InetAddress.getByName("fc00::7"))).isFalse();
    }

    private Set<String> redirects() {
        Set<String> locations = new LinkedHashSet<>();
        for (String host : List.of(
                "127.0.0.1",
                "localhost",
                "2130706433",
                "0x7f.1",
                "0177.0.0.1",
                "127.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "0",
                "0.0.0.0",
                "internal.example.org",
                "both.example.org",
                "unknown.example.org",
                "elsewhere.example",
                "169.254.169.254",
                "127.0.0.2@127.0.0.1",
                "user:secret@127.0.0.2",
                "127.0.0.2.example",
                "127.0.0.2%00.example.org",
                "\uFF11\uFF12\uFF17.0.0.1")) {
            locations.add("http://" + host + ":" + port + "/secret");
            locations.add("//" + host + ":" + port + "/secret");
            locations.add("HTTP://" + host + ":" + port + "/meta-data?a=secret");
        }
        locations.addAll(List.of(
                "https://127.0.0.2:" + port + "/",
                "HTTPS://127.0.0.2:" + port + "/",
                "file:///etc/passwd",
                "ftp://127.0.0.2/",
                "gopher://127.0.0.1:" + port + "/_secret",
                "data:image/png;base64,AAAA",
                "javascript:alert(1)",
                "jar:http://127.0.0.1:" + port + "/!/",
                "http:",
                "http://",
                "http:127.0.0.1:" + port,
                "http:/127.0.0.1:" + port,
                "http:\\\\127.0.0.1:" + port,
                "\\\\127.0.0.1:" + port + "\\secret",
                "/\\127.0.0.1:" + port,
                "http://127.0.0.2:0/",
                "http://127.0.0.2:70000/",
                "http://[::1",
                "/again", // around and around
                "again?x",
                "?again",
                "#again",
                "."));
        return locations;
    }

    /** The same address in the ways that some parser knows. */
    private static Set<String> spellings(String address) {
        int[] parts =
                Stream.of(address.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
        long number = ((long) parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3];
        String octal = Stream.of(address.split("\\.", -1))
                .map(part -> "0" + Integer.toOctalString(Integer.parseInt(part)))
                .collect(Collectors.joining("."));
        String hexadecimal = Stream.of(address.split("\\.", -1))
                .map(part -> "0x" + Integer.toHexString(Integer.parseInt(part)))
                .collect(Collectors.joining("."));
        String groups = "%x:%x".formatted(number >> 16, number & 0xFFFF);
        long inverted = ~number & 0xFFFFFFFFL;
        String fullWidth = address.chars()
                .mapToObj(c -> Character.toString(c == '.' ? 0xFF0E : c - '0' + 0xFF10))
                .collect(Collectors.joining());
        return new LinkedHashSet<>(List.of(
                address,
                address + ".",
                String.valueOf(number),
                "0x" + Long.toHexString(number),
                "0X" + Long.toHexString(number).toUpperCase(Locale.ROOT),
                "0" + Long.toOctalString(number),
                octal,
                hexadecimal,
                parts[0] + "." + (number & 0xFFFFFF),
                parts[0] + "." + parts[1] + "." + (number & 0xFFFF),
                "0x" + Integer.toHexString(parts[0]) + "." + (number & 0xFFFFFF),
                fullWidth,
                address.replace('.', '\u3002'),
                "[::ffff:" + address + "]",
                "[::ffff:" + groups + "]",
                "[0:0:0:0:0:ffff:" + groups + "]",
                "[::" + address + "]",
                "[::ffff:0:" + address + "]",
                "[64:ff9b::" + address + "]",
                "[64:ff9b::" + groups + "]",
                "[64:ff9b:1::" + address + "]",
                "[2002:" + groups + "::1]",
                "[2001:0:4136:e378:8000:63bf:%x:%x]".formatted(inverted >> 16, inverted & 0xFFFF)));
    }

    /** Asked first, so that a mistake is found before any address is dialled. */
    private static Optional<InetAddress> addressOf(String url) {
        try {
            return WebUrl.parse(url).host().address();
        } catch (RefusedUrlException e) {
            return Optional.empty();
        }
    }
}
