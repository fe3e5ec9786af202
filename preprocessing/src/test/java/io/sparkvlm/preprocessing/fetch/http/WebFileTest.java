package io.sparkvlm.preprocessing.fetch.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.fetch.DownloadLimits;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.Portion;
import io.sparkvlm.preprocessing.fetch.ReadAhead;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 5, unit = TimeUnit.MINUTES) // waits for events that a fault of the program may keep from happening
class WebFileTest {
    /** Met by what never ends. */
    private static final Duration SHORT = Duration.ofMillis(300);

    private static final byte[] FILE = "not yet judged".getBytes(StandardCharsets.US_ASCII);

    @Test
    void getsAFileAndSaysNothingThatWasNotAskedOfIt() throws IOException {
        try (StubServer server = StubServer.holding(FILE);
                MediaFetcher fetcher = Web.loopback()) {
            FetchedFile file =
                    Web.taken(Web.fetch(fetcher, server.url("/a picture.png?token=secret&b=\u00E9#fragment")));

            assertThat(file.bytes()).isEqualTo(FILE);
            assertThat(file.ref()).isEqualTo(server.url("/a%20picture.png"));
            List<String> request = server.requests.get(0);
            assertThat(request.get(0)).isEqualTo("GET /a%20picture.png?token=secret&b=%C3%A9 HTTP/1.1");
            assertThat(request)
                    .contains("Host: 127.0.0.1:" + server.port(), "User-Agent: spark-vlm", "Accept-Encoding: identity")
                    .noneMatch(line -> line.matches("(?i)(cookie|authorization|referer|proxy).*"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//two", "/a//b", "/%2e%2e/x", "/a/../b", "/%", "/?a=//b", "/;x=[1]"})
    void asksForOddPathsAsTheyStand(String path) throws IOException {
        try (StubServer server = StubServer.holding(FILE);
                MediaFetcher fetcher = Web.loopback()) {
            Web.taken(Web.fetch(fetcher, server.url(path)));

            assertThat(server.requests.get(0).get(0))
                    .isEqualTo("GET " + path.replace("[", "%5B").replace("]", "%5D") + " HTTP/1.1");
        }
    }

    @Test
    void followsThreeRedirectsAndNoFourth() throws IOException {
        try (StubServer server = StubServer.on("127.0.0.1", (request, out) -> {
                    int left = Integer.parseInt(request.get(0).replaceAll("\\D*(\\d).*", "$1"));
                    if (left == 0) {
                        StubServer.answer(out, "200 OK", FILE);
                    } else {
                        StubServer.answer(out, "302 Found", FILE, "Location: " + (left - 1), "Set-Cookie: a=b; Path=/");
                    }
                });
                MediaFetcher fetcher = Web.loopback()) {
            assertThat(Web.taken(Web.fetch(fetcher, server.url("/3"))).ref()).isEqualTo(server.url("/3"));
            assertThat(server.requests).hasSize(4).noneMatch(lines -> lines.toString()
                    .contains("Cookie"));
            Rejection rejection = Web.refused(Web.fetch(fetcher, server.url("/4")));
            assertThat(rejection.code()).isEqualTo(MediaCode.FAILED_TO_DOWNLOAD_IMAGE);
            assertThat(rejection.message()).contains("redirects", server.url("/4"));
        }
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403", "404", "407", "410", "418", "451", "204", "206", "304", "300", "305"})
    void namesTheStatusThatIsNoFileAndAsksOnce(String status) throws IOException {
        try (StubServer server = StubServer.on(
                        "127.0.0.1",
                        (request, out) -> StubServer.answer(
                                out, status + " Secret", FILE, "WWW-Authenticate: Basic realm=secret"));
                MediaFetcher fetcher = Web.loopback()) {
            Rejection rejection = Web.refused(Web.fetch(fetcher, server.url("/a.png")));

            assertThat(rejection.code()).isEqualTo(MediaCode.FAILED_TO_DOWNLOAD_IMAGE);
            assertThat(rejection.message()).contains("HTTP status " + status).doesNotContainIgnoringCase("secret");
            assertThat(server.connections).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"429", "500", "502", "503", "504"})
    void asksABusyServerThreeTimes(String status) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (StubServer server = StubServer.on(
                        "127.0.0.1",
                        (request, out) -> StubServer.answer(
                                out,
                                (request.get(0).contains("mend") && asked.incrementAndGet() == 3 ? "200" : status)
                                        + " X",
                                FILE));
                MediaFetcher fetcher = Web.loopback()) {
            assertThat(Web.taken(Web.fetch(fetcher, server.url("/mend"))).bytes())
                    .isEqualTo(FILE);
            assertThat(server.connections).hasValue(3);
            assertThat(Web.refused(Web.fetch(fetcher, server.url("/never"))).message())
                    .contains("HTTP status " + status);
            assertThat(server.connections).hasValue(6);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Retry-After: 0, 0, 10", // as asked
        "Retry-After: 100000, 300, 310", // the longest pause
        "Retry-After: nonsense, 10, 20" // as long as it waits unasked
    })
    void waitsAsLongAsItIsAskedToButNotForEver(String header, long atLeastMillis, long atMostMillis)
            throws IOException {
        List<Duration> pauses = new CopyOnWriteArrayList<>();
        WebStore store = new WebStore(Web.all("127.0.0.1/32"), Web.LIMITS, Web.NO_NAMES, pauses::add);
        AtomicInteger asked = new AtomicInteger();
        try (StubServer server = StubServer.on(
                        "127.0.0.1",
                        (request, out) -> StubServer.answer(
                                out, asked.incrementAndGet() == 2 ? "200 OK" : "503 Busy", FILE, header));
                MediaFetcher fetcher = Web.fetcher(store, Web.DOWNLOADS)) {
            Web.taken(Web.fetch(fetcher, server.url("/")));

            assertThat(pauses).singleElement().satisfies(pause -> assertThat(pause)
                    .isBetween(Duration.ofMillis(atLeastMillis), Duration.ofMillis(atMostMillis)));
        }
    }

    @Test
    void doesNotWaitPastItsDeadline() throws IOException {
        List<Duration> pauses = new CopyOnWriteArrayList<>();
        WebLimits patient = new WebLimits(
                Web.LONG, Web.LONG, Web.LONG, 3, Duration.ofMillis(20), Web.LONG.multipliedBy(2), 3, 64, 8);
        WebStore store = new WebStore(Web.all("127.0.0.1/32"), patient, Web.NO_NAMES, pauses::add);
        try (StubServer server = StubServer.on(
                        "127.0.0.1",
                        (request, out) -> StubServer.answer(out, "503 Busy", FILE, "Retry-After: 100000"));
                MediaFetcher fetcher = Web.fetcher(store, Web.DOWNLOADS)) {
            assertThat(Web.refused(Web.fetch(fetcher, server.url("/"))).message())
                    .contains("HTTP status 503");

            assertThat(pauses).isEmpty();
        }
    }

    @Test
    void readsWhatRetryAfterSays() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(RetryAfter.parse("Thu, 01 Jan 2026 00:00:07 GMT", now)).contains(Duration.ofSeconds(7));
        assertThat(RetryAfter.parse("Wed, 31 Dec 2025 00:00:00 GMT", now)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse(" 3 ", now)).contains(Duration.ofSeconds(3));
        assertThat(RetryAfter.parse("-3", now)).isEmpty();
        assertThat(RetryAfter.parse("99999999999", now)).isEmpty();
    }

    @Test
    void asksAgainWhereNobodyListensOrTheAnswerBreaksOff() throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getAllByName("127.0.0.1")[0])) {
            closedPort = socket.getLocalPort();
        }
        try (MediaFetcher fetcher = Web.loopback();
                StubServer server = StubServer.on(
                        "127.0.0.1",
                        (request, out) -> StubServer.answer(out, "200 OK", FILE, "Content-Length: 9000"))) {
            assertThat(Web.refused(Web.fetch(fetcher, "http://127.0.0.1:" + closedPort + "/"))
                            .message())
                    .contains("takes no connection");
            assertThat(Web.refused(Web.fetch(fetcher, server.url("/"))).message())
                    .contains("broke off");
            assertThat(server.connections).hasValue(3);
            assertThat(Web.refused(Web.fetch(fetcher, "http://unknown.example/"))
                            .message())
                    .contains("no address for its host");
        }
    }

    @Test
    void aHostThatIsSlowToConnectIsGivenUp() throws IOException {
        // A backlog of one that is full: the kernel answers no more.
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getAllByName("127.0.0.1")[0]);
                Socket first = new Socket(deaf.getInetAddress(), deaf.getLocalPort());
                Socket second = new Socket(deaf.getInetAddress(), deaf.getLocalPort());
                MediaFetcher fetcher = loopback(Web.limits(SHORT, Web.LONG, Web.LONG))) {
            Rejection rejection = Web.refused(Web.fetch(fetcher, "http://127.0.0.1:" + deaf.getLocalPort() + "/"));

            assertThat(rejection.message()).contains("takes no connection");
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }
    }

    @Test
    void headersThatDripOrDoNotComeAreGivenUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (StubServer silent = StubServer.on("127.0.0.1", (request, out) -> over.await());
                StubServer dripping =
                        StubServer.on("127.0.0.1", (request, out) -> drip(out, "HTTP/1.1 200 OK\r\nA: ", over));
                MediaFetcher withinBytes = loopback(Web.limits(Web.LONG, Web.LONG, SHORT));
                MediaFetcher whole = loopback(Web.limits(Web.LONG, SHORT, Web.LONG))) {
            assertSlow(withinBytes, silent.url("/"), "no byte for 0.3 s");
            assertSlow(whole, silent.url("/"), "no answer within 0.3 s");
            assertSlow(whole, dripping.url("/"), "no answer within 0.3 s");
            over.countDown();
        }
    }

    @Test
    void aBodyThatStopsOrDripsEndsAtItsDeadline() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n";
        try (StubServer stopping = StubServer.on("127.0.0.1", (request, out) -> {
                    out.write(head.getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    over.await();
                });
                StubServer dripping = StubServer.on("127.0.0.1", (request, out) -> drip(out, head, over));
                MediaFetcher withinBytes = loopback(Web.limits(Web.LONG, Web.LONG, SHORT));
                MediaFetcher whole = Web.fetcher(
                        Web.all("127.0.0.1/32"), Web.NO_NAMES, Web.LIMITS, Web.downloads(Duration.ofSeconds(1)))) {
            assertSlow(withinBytes, stopping.url("/"), "no byte for 0.3 s");
            assertSlow(whole, stopping.url("/"), "within 1.0 s");
            assertSlow(whole, dripping.url("/"), "within 1.0 s");
            over.countDown();
        }
    }

    private static MediaFetcher loopback(WebLimits limits) throws IOException {
        return Web.fetcher(Web.all("127.0.0.1/32"), Web.NO_NAMES, limits, Web.DOWNLOADS);
    }

    /** A byte now and then, without end: a timeout between bytes that is longer than the pauses does not end it. */
    private static void drip(OutputStream out, String head, CountDownLatch over)
            throws IOException, InterruptedException {
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        do {
            out.write('x');
            out.flush();
        } while (!over.await(50, TimeUnit.MILLISECONDS));
    }

    /** The server never ends its answer, so a limit does; the message says which. */
    private static void assertSlow(MediaFetcher fetcher, String url, String inMessage) {
        Rejection rejection = Web.refused(Web.fetch(fetcher, url));
        assertThat(rejection.code()).isEqualTo(MediaCode.FAILED_TO_DOWNLOAD_IMAGE);
        assertThat(rejection.message()).contains(inMessage);
    }

    @Test
    void noMoreThanTheLimitIsReadWhateverTheServerClaims() throws IOException {
        AtomicLong written = new AtomicLong();
        Map<String, String> heads = Map.of(
                "/honest", "Content-Length: 1000000000\r\n\r\n",
                "/silent", "Connection: close\r\n\r\n",
                "/chunked", "Transfer-Encoding: chunked\r\n\r\n",
                "/gzip", "Content-Encoding: gzip\r\n\r\n");
        try (StubServer server = StubServer.on("127.0.0.1", (request, out) -> {
                    String path = request.get(0).split(" ", -1)[1];
                    out.write(("HTTP/1.1 200 OK\r\n" + heads.get(path)).getBytes(StandardCharsets.US_ASCII));
                    OutputStream body = path.equals("/gzip") ? new GZIPOutputStream(out) : out;
                    byte[] kilobyte = new byte[1024];
                    while (true) {
                        if (path.equals("/chunked")) {
                            body.write("400\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                        body.write(kilobyte);
                        if (path.equals("/chunked")) {
                            body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                        written.addAndGet(1024);
                    }
                });
                MediaFetcher fetcher = Web.loopback()) {
            for (String path : heads.keySet()) {
                Rejection rejection = Web.refused(Web.fetch(fetcher, server.url(path)));
                assertThat(rejection.code()).as(path).isEqualTo(MediaCode.IMAGE_FILE_TOO_LARGE);
                assertThat(rejection.message()).contains("100000 bytes");
            }
            assertThat(server.connections).hasValue(heads.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "A: b\r\n", "HTTP/1.1 100 Continue\r\n\r\n"})
    void headersWithoutEndAreNotKept(String part) throws IOException {
        AtomicLong written = new AtomicLong();
        try (StubServer server = StubServer.on("127.0.0.1", (request, out) -> {
                    byte[] parts = part.repeat(1000).getBytes(StandardCharsets.US_ASCII);
                    out.write("HTTP/1.1 100 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(parts);
                        written.addAndGet(parts.length);
                    }
                });
                MediaFetcher fetcher = Web.loopback()) {
            assertThat(Web.refused(Web.fetch(fetcher, server.url("/"))).code())
                    .isEqualTo(MediaCode.FAILED_TO_DOWNLOAD_IMAGE);
            if (part.length() < 10) {
                assertThat(written.get()).isLessThan(20_000_000);
            }
        }
    }

    @Test
    void aShorterClaimEndsTheFileThere() throws IOException {
        try (StubServer server = StubServer.on(
                        "127.0.0.1", (request, out) -> StubServer.answer(out, "200 OK", FILE, "Content-Length: 3"));
                MediaFetcher fetcher = Web.loopback()) {
            assertThat(Web.taken(Web.fetch(fetcher, server.url("/"))).bytes()).isEqualTo(Arrays.copyOf(FILE, 3));
        }
    }

    @Test
    void gzipIsTakenWithinTheLimitAndOtherEncodingsAreNot() throws IOException {
        byte[] whole = gzip(new byte[Web.MAX_BYTES]);
        byte[] bomb = gzip(new byte[50_000_000]);
        try (StubServer server = StubServer.on(
                        "127.0.0.1",
                        (request, out) -> StubServer.answer(
                                out,
                                "200 OK",
                                request.get(0).contains("bomb") ? bomb : whole,
                                "Content-Encoding: " + (request.get(0).contains("brotli") ? "br" : "GZIP")));
                MediaFetcher fetcher = Web.loopback()) {
            assertThat(Web.taken(Web.fetch(fetcher, server.url("/whole"))).bytes())
                    .isEqualTo(new byte[Web.MAX_BYTES]);
            assertThat(Web.refused(Web.fetch(fetcher, server.url("/bomb"))).code())
                    .isEqualTo(MediaCode.IMAGE_FILE_TOO_LARGE);
            assertThat(Web.refused(Web.fetch(fetcher, server.url("/brotli"))).message())
                    .contains("encoding");
        }
    }

    @Test
    void ofALargePictureNoMoreIsReadThanHoldsItsHeader() throws IOException {
        byte[] start = Arrays.copyOf(Pictures.read("images/bgrx.bmp"), 1 << 17);
        Portion header = new Portion(1 << 30, ImageInspector::isToldBy);
        AtomicLong written = new AtomicLong();
        try (StubServer server = StubServer.on("127.0.0.1", (request, out) -> {
                    String length = request.get(0).contains("silent") ? "" : "Content-Length: 1000000000\r\n";
                    out.write(("HTTP/1.1 200 OK\r\n" + length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    while (true) { // until the connection is closed
                        out.write(start);
                        written.addAndGet(start.length);
                    }
                });
                MediaFetcher fetcher = Web.loopback()) {
            FetchedFile file = Web.taken(fetcher.fetch(Web.at(server.url("/a.bmp")), BinaryColumns.NONE, header));
            assertThat(file.bytes()).isEqualTo(Arrays.copyOf(start, 1 << 16));
            assertThat(file.fileBytes()).isEqualTo(1_000_000_000);
            assertThat(file.isWhole()).isFalse();
            assertThat(Web.taken(fetcher.fetch(Web.at(server.url("/silent.bmp")), BinaryColumns.NONE, header))
                            .isWhole())
                    .isFalse();
            assertThat(Web.refused(fetcher.fetch(
                                    Web.at(server.url("/a.bmp")),
                                    BinaryColumns.NONE,
                                    new Portion(999_999_999, ImageInspector::isToldBy)))
                            .code())
                    .isEqualTo(MediaCode.IMAGE_FILE_TOO_LARGE);
            assertThat(written.get()).isLessThan(100_000_000);
        }
    }

    @Test
    void aSmallFileIsReadToItsEndAndSoIsOneWhoseHeaderIsNotFound() throws IOException {
        byte[] small = Pictures.read("images/bgrx.bmp");
        byte[] unknown = new byte[300_000];
        Portion header = new Portion(1 << 20, ImageInspector::isToldBy);
        try (StubServer server = StubServer.on(
                        "127.0.0.1",
                        (request, out) ->
                                StubServer.answer(out, "200 OK", request.get(0).contains("small") ? small : unknown));
                MediaFetcher fetcher = Web.loopback()) {
            for (byte[] expected : List.of(small, unknown)) {
                String name = expected == small ? "/small" : "/unknown";
                FetchedFile file = Web.taken(fetcher.fetch(Web.at(server.url(name)), BinaryColumns.NONE, header));
                assertThat(file.bytes()).isEqualTo(expected);
                assertThat(file.isWhole()).isTrue();
            }
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        }
        return compressed.toByteArray();
    }

    @Test
    void whatIsNamedByManyAtOnceIsGotOnce() throws Exception {
        CountDownLatch everybodyWaits = new CountDownLatch(1);
        try (StubServer server = StubServer.on("127.0.0.1", (request, out) -> {
                    everybodyWaits.await();
                    StubServer.answer(out, "200 OK", FILE);
                });
                MediaFetcher fetcher = Web.loopback()) {
            List<FutureTask<Outcome<FetchedFile>>> files = IntStream.range(0, 20)
                    .mapToObj(i -> new FutureTask<>(() -> Web.fetch(fetcher, server.url("/same.png#" + i))))
                    .toList();
            List<Thread> rows = files.stream().map(Thread::new).toList();
            rows.forEach(Thread::start);
            // None can have more than asked yet: the server answers no client.
            while (!rows.stream().allMatch(row -> row.getState() == Thread.State.WAITING)) {
                Thread.sleep(1);
            }
            everybodyWaits.countDown();

            for (FutureTask<Outcome<FetchedFile>> file : files) {
                assertThat(Web.taken(file.get()).bytes()).isEqualTo(FILE);
            }
            assertThat(server.connections).hasValue(1);
            Web.taken(Web.fetch(fetcher, server.url("/same.png")));
            assertThat(server.connections).hasValue(1);
            Web.taken(Web.fetch(fetcher, server.url("/same.png?other")));
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    void whatIsKeptForTheNextRowIsBounded() throws IOException {
        DownloadLimits limits = new DownloadLimits(Web.LONG, 8, 8, 1 << 20, 300_000, Duration.ofMinutes(10));
        try (StubServer server = StubServer.holding(new byte[90_000]);
                MediaFetcher fetcher = Web.fetcher(Web.all("127.0.0.0/8"), Web.NO_NAMES, Web.LIMITS, limits)) {
            for (int i = 0; i < 20; i++) {
                Web.taken(Web.fetch(fetcher, server.url("/" + i)));
            }
            for (int i = 0; i < 20; i++) {
                Web.taken(Web.fetch(fetcher, server.url("/" + i)));
            }
            // Three of them have room.
            assertThat(server.connections.get()).isBetween(37, 40);
        }
    }

    @Test
    void noHostHasMoreConnectionsThanItsShareAndTheOthersDoNotWait() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch fullHouse = new CountDownLatch(8);
        CountDownLatch othersAreServed = new CountDownLatch(1);
        try (StubServer slow = StubServer.on("127.0.0.1", (request, out) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    fullHouse.countDown();
                    othersAreServed.await();
                    now.decrementAndGet();
                    StubServer.answer(out, "200 OK", FILE);
                });
                StubServer quick =
                        StubServer.on("127.0.0.2", (request, out) -> StubServer.answer(out, "200 OK", FILE));
                MediaFetcher fetcher = Web.fetcher(Web.all("127.0.0.0/8"), Web.NO_NAMES)) {
            List<ReadAhead> rows = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                rows.add(fetcher.readAhead(
                        List.of(Web.at(slow.url("/" + i))),
                        BinaryColumns.NONE,
                        reference -> Portion.whole(Web.MAX_BYTES)));
            }
            fullHouse.await();
            // A ninth would come while these are served.
            for (int i = 0; i < 20; i++) {
                Web.taken(Web.fetch(fetcher, quick.url("/" + i)));
            }
            assertThat(slow.connections).hasValue(8);
            othersAreServed.countDown();
            for (ReadAhead row : rows) {
                row.ended().get();
                row.close();
            }
            assertThat(most).hasValue(8);
            assertThat(slow.connections).hasValue(40);
        }
    }

    @Test
    void whatIsReadAheadFindsItsRowReadyAndNothingIsGotTwice() throws Exception {
        try (StubServer server = StubServer.holding(FILE);
                MediaFetcher fetcher = Web.loopback()) {
            List<MediaReference> references = IntStream.range(0, 30)
                    .mapToObj(i -> Web.at(server.url("/" + i)))
                    .toList();
            try (ReadAhead ahead =
                    fetcher.readAhead(references, BinaryColumns.NONE, reference -> Portion.whole(Web.MAX_BYTES))) {
                ahead.ended().get();
                assertThat(server.connections).hasValue(30);
                for (MediaReference reference : references) {
                    Web.taken(fetcher.fetch(reference, BinaryColumns.NONE, Web.MAX_BYTES));
                }
                assertThat(ahead.duration()).isPositive();
            }
            assertThat(server.connections).hasValue(30);
        }
    }

    @Test
    void whatIsReadAheadTakesNoMoreMemoryThanAllowedAndIsGotWhenItsTurnComes() throws Exception {
        DownloadLimits limits = new DownloadLimits(Web.LONG, 8, 8, 200_000, 0, Duration.ofMinutes(10));
        try (StubServer server = StubServer.holding(new byte[90_000]);
                MediaFetcher fetcher = Web.fetcher(Web.all("127.0.0.0/8"), Web.NO_NAMES, Web.LIMITS, limits)) {
            List<MediaReference> references = IntStream.range(0, 10)
                    .mapToObj(i -> Web.at(server.url("/" + i)))
                    .toList();
            try (ReadAhead ahead =
                    fetcher.readAhead(references, BinaryColumns.NONE, reference -> Portion.whole(Web.MAX_BYTES))) {
                ahead.ended().get();
                for (MediaReference reference : references) {
                    assertThat(Web.taken(fetcher.fetch(reference, BinaryColumns.NONE, Web.MAX_BYTES))
                                    .bytes())
                            .hasSize(90_000);
                }
            }
            // All is given back: the next finds room.
            int before = server.connections.get();
            try (ReadAhead ahead = fetcher.readAhead(
                    references.subList(0, 2), BinaryColumns.NONE, reference -> Portion.whole(Web.MAX_BYTES))) {
                ahead.ended().get();
                Web.taken(fetcher.fetch(references.get(0), BinaryColumns.NONE, Web.MAX_BYTES));
                Web.taken(fetcher.fetch(references.get(1), BinaryColumns.NONE, Web.MAX_BYTES));
            }
            assertThat(server.connections.get() - before).isBetween(2, 3);
        }
    }

    @Test
    void httpsIsSpokenAndAHostThatCannotProveItsNameIsNotTrusted(@TempDir Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        assertThat(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "stub",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=127.0.0.1",
                                "-ext",
                                "SAN=IP:127.0.0.1",
                                "-keystore",
                                keys.toString(),
                                "-storepass",
                                "changeit")
                        .start()
                        .waitFor())
                .isZero();
        KeyStore store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        AtomicInteger greeted = new AtomicInteger();
        try (ServerSocket server = context.getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getAllByName("127.0.0.1")[0]);
                MediaFetcher fetcher = Web.loopback()) {
            Thread serving = new Thread(() -> {
                try (Socket connection = server.accept()) {
                    greeted.incrementAndGet();
                    connection.getInputStream().read(); // the handshake, which the client ends
                } catch (IOException e) {
                    // as it should
                }
            });
            serving.start();
            Rejection rejection =
                    Web.refused(Web.fetch(fetcher, "https://127.0.0.1:" + server.getLocalPort() + "/a.png"));

            assertThat(rejection.message()).contains("prove its name");
            serving.join();
            assertThat(greeted).hasValue(1);
        }
    }

    @Test
    void framesHaveTheVideoFlavour() throws IOException {
        try (StubServer server =
                        StubServer.on("127.0.0.1", (request, out) -> StubServer.answer(out, "404 None", FILE));
                MediaFetcher fetcher = Web.loopback()) {
            MediaReference frame = new MediaReference(server.url("/f.png"), MediaKind.VIDEO, Web.PARAM);
            Rejection rejection = Web.refused(fetcher.fetch(frame, BinaryColumns.NONE, Web.MAX_BYTES));
            assertThat(rejection.code()).isEqualTo(MediaCode.FAILED_TO_DOWNLOAD_VIDEO);
            assertThat(rejection.param()).isEqualTo(Optional.of(Web.PARAM));
        }
    }

    @Test
    void theProxiesOfTheJvmAreNotAsked() throws IOException {
        Map<String, String> settings = Map.of("http.proxyHost", "127.0.0.3", "socksProxyHost", "127.0.0.3");
        settings.forEach(System::setProperty);
        try (StubServer server = StubServer.holding(FILE);
                MediaFetcher fetcher = Web.loopback()) {
            assertThat(Web.taken(Web.fetch(fetcher, server.url("/"))).bytes()).isEqualTo(FILE);
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void longUrlsAreCutInMessages() throws IOException {
        try (StubServer server =
                        StubServer.on("127.0.0.1", (request, out) -> StubServer.answer(out, "404 None", FILE));
                MediaFetcher fetcher = Web.loopback()) {
            assertThat(Web.refused(Web.fetch(fetcher, server.url("/" + "x".repeat(3000))))
                            .message())
                    .hasSizeLessThanOrEqualTo(300)
                    .contains("404");
        }
    }
}
