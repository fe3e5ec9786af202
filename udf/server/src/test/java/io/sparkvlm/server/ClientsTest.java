package io.sparkvlm.server;

import static io.sparkvlm.server.TestServer.HELLO;
import static io.sparkvlm.server.TestServer.LIMITS;
import static io.sparkvlm.server.TestServer.NEVER;
import static io.sparkvlm.server.TestServer.error;
import static io.sparkvlm.server.TestServer.helloWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.FinishReason;
import io.sparkvlm.server.ServerSettings.Limits;
import io.sparkvlm.server.ServerSettings.Timeouts;
import io.sparkvlm.server.http.ApiKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients of all kinds take of the server, and what it keeps for the others. */
final class ClientsTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final int SLOW_CLIENTS = 300;
    /** Linux lets a socket hold 4 MiB of what is sent: tcp(7), tcp_wmem. */
    private static final int MORE_THAN_SOCKETS_HOLD = 16 << 20;
    /** With 20 others that could have been in its place. */
    private static final int BYTES_OF_A_TOKEN = 1000;

    private static final String RESPONSES = "sparkvlm_responses_total";

    private final FakeEngine engine = new FakeEngine();

    @Test
    void theSequenceOfAClientThatGoesIsCancelled() throws Exception {
        try (TestServer server = TestServer.over(engine)) {
            for (String body : List.of(HELLO, helloWith("\"stream\":true"))) {
                FakeEngine.Asked prompt;
                try (Socket client = server.connectionAsking(body)) {
                    prompt = engine.next();
                    assertThat(client.isConnected()).isTrue();
                }
                prompt.awaitCancelled();
            }
            while (!server.send(server.request("/metrics")).body().contains(RESPONSES + "{status=\"499\"} 2\n")) {
                Thread.onSpinWait();
            }
            FakeEngine.Asked begun;
            try (Socket client = server.connectionAsking(helloWith("\"stream\":true"))) {
                begun = engine.next();
                begun.says("abc");
                assertThat(client.getInputStream().read()).isNotNegative();
            }
            begun.awaitCancelled();
        }
    }

    @Test
    void aClientThatSendsItsNextRequestBeforeTheAnswerGetsBoth() throws Exception {
        try (TestServer server = TestServer.over(engine);
                Socket client = server.connectionAsking(HELLO)) {
            FakeEngine.Asked first = engine.next();
            client.getOutputStream().write((TestServer.head(HELLO.length()) + HELLO).getBytes(StandardCharsets.UTF_8));
            first.says("first");
            first.ends(FinishReason.STOP);
            FakeEngine.Asked second = engine.next();
            second.says("second");
            second.ends(FinishReason.STOP);

            assertThat(readUntil(client, "\"second\"")).contains("\"first\"");
        }
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() throws Exception {
        FakeEngine quick = FakeEngine.saying("abc");
        try (TestServer server = TestServer.over(quick);
                Socket client = server.connection("")) {
            for (int i = 0; i < 20; i++) {
                String body = i % 2 == 0 ? HELLO : helloWith("\"stream\":true");
                String end = i % 2 == 0 ? "\"usage\"" : "[DONE]";
                client.getOutputStream()
                        .write((TestServer.head(body.length()) + body).getBytes(StandardCharsets.UTF_8));
                assertThat(readUntil(client, end)).as("request " + i).contains(end);
            }
        }
    }

    @Test
    void aClientThatTakesNothingOfItsAnswerIsCutOff() throws Exception {
        Limits impatient = TestServer.limits(8, 1 << 20, NEVER, NEVER, SOON);
        try (TestServer server = TestServer.over(() -> engine, TestServer.settings(impatient));
                Socket client = server.connectionAsking(helloWith("\"stream\":true,\"max_tokens\":1000"))) {
            FakeEngine.Asked prompt = engine.next();
            String much = "a".repeat(1 << 16);
            while (!prompt.future.isDone()) {
                prompt.says(much); // more than the sockets hold
                Thread.onSpinWait();
            }
            prompt.awaitCancelled();

            CompletableFuture<HttpResponse<String>> other = server.askLater(helloWith("\"stream\":true"));
            FakeEngine.Asked next = engine.next();
            next.says("abc");
            next.ends(FinishReason.STOP);
            assertThat(TestServer.text(TestServer.events(other.join()))).isEqualTo("abc");
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aClientThatTakesItsAnswerByteByByteIsCutOff() throws Exception {
        Limits impatient = TestServer.limits(8, 1 << 20, NEVER, NEVER, SOON);
        String body = helloWith("\"stream\":true,\"logprobs\":true,\"top_logprobs\":20");
        try (TestServer server = TestServer.over(() -> engine, TestServer.settings(impatient));
                Socket client = server.smallConnection(TestServer.head(body.length()) + body)) {
            FakeEngine.Asked prompt = engine.next();
            client.setSoTimeout(1);
            for (int said = 0; !prompt.future.isDone(); said += BYTES_OF_A_TOKEN) {
                if (said < MORE_THAN_SOCKETS_HOLD) {
                    prompt.says("a");
                }
                takesAByte(client);
            }
            prompt.awaitCancelled();
        }
    }

    private static void takesAByte(Socket client) {
        try {
            int unused = client.getInputStream().read();
        } catch (IOException nothingOrClosed) { // the server decides
            return;
        }
    }

    @Test
    void hundredsOfClientsThatSendNothingMoreHoldUpNobody() throws Exception {
        List<Socket> slow = new ArrayList<>();
        FakeEngine quick = FakeEngine.saying("abc");
        Limits few = TestServer.limits(4, 1 << 20, NEVER, NEVER, NEVER);
        try (TestServer server = TestServer.over(() -> quick, TestServer.settings(few))) {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                slow.add(server.connection(
                        i % 2 == 0
                                ? TestServer.head(1000) + "{\"messages\":"
                                : "POST /v1/chat/completions HTTP/1.1\r\nHo"));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(server.ask(HELLO).statusCode()).isEqualTo(200);
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void aRequestThatDoesNotComeInTimeIsRefused() throws Exception {
        Limits impatient = TestServer.limits(8, 1 << 20, SOON, NEVER, NEVER);
        try (TestServer server = TestServer.over(() -> engine, TestServer.settings(impatient));
                Socket client = server.connection(TestServer.head(1000) + "{")) {
            assertThat(readUntil(client, "408")).contains("408");
            assertThat(server.send(server.request("/metrics")).body()).contains(RESPONSES + "{status=\"408\"} 1\n");
        }
    }

    @Test
    void aRequestThatIsTooLargeIsRefusedBeforeItHasCome() throws Exception {
        Limits small = TestServer.limits(8, 100, NEVER, NEVER, NEVER);
        try (TestServer server = TestServer.over(() -> engine, TestServer.settings(small))) {
            String large = helloWith("\"user\":\"" + "x".repeat(1000) + "\"");
            try (Socket client = server.connection(TestServer.head(101))) {
                assertThat(readUntil(client, "\"error\"")).contains("413");
            }
            HttpResponse<String> ofUnknownLength = server.send(server.request(TestServer.CHAT)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8)))));
            assertThat(ofUnknownLength.statusCode()).isEqualTo(413);
            assertThat(engine.isIdle()).isTrue();
        }
    }

    @Test
    void aHeadThatComesByteByByteIsCutOff() throws Exception {
        Limits impatient = TestServer.limits(8, 1 << 20, SOON, NEVER, NEVER);
        try (TestServer server = TestServer.over(FakeEngine.saying("abc"), impatient);
                Socket between = server.connectionAsking(HELLO);
                Socket client = server.connection("POST /v1/chat/completions HTTP/1.1\r\nHost: ")) {
            assertThat(readUntil(between, "\"usage\"")).contains("200");
            client.setSoTimeout(10);
            assertThat(sendsUntilClosed(client, 'x')).isPositive();
            between.getOutputStream().write((TestServer.head(HELLO.length()) + HELLO).getBytes(StandardCharsets.UTF_8));
            assertThat(readUntil(between, "\"usage\"")).as("no head was begun").contains("200");
        }
    }

    /** Sends this again and again. */
    private static int sendsUntilClosed(Socket client, int character) {
        int sent = 0;
        while (true) {
            try {
                if (client.getInputStream().read() < 0) {
                    return sent;
                }
            } catch (SocketTimeoutException e) {
                try {
                    client.getOutputStream().write(character);
                    sent++;
                } catch (IOException closed) {
                    return sent;
                }
            } catch (IOException closed) {
                return sent;
            }
        }
    }

    @Test
    void connectionsBeyondTheLimitWaitUntilOneCloses() throws Exception {
        Limits two = new Limits(2, 8, 1 << 20, 1 << 20, 0, new Timeouts(NEVER, NEVER, NEVER));
        try (TestServer server = TestServer.over(FakeEngine.saying("abc"), two);
                Socket first = server.connectionAsking(HELLO);
                Socket second = server.connectionAsking(HELLO)) {
            assertThat(readUntil(first, "\"usage\"")).contains("200");
            assertThat(readUntil(second, "\"usage\"")).contains("200");
            try (Socket third = server.connectionAsking(HELLO)) {
                first.getOutputStream()
                        .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                assertThat(readUntil(first, "sparkvlm_connections 2\n")).contains("sparkvlm_connections 2\n");
                second.close();
                assertThat(readUntil(third, "\"usage\"")).contains("200");
            }
        }
    }

    @Test
    void bytesOfRequestsBeyondTheLimitAreToldToComeAgain() throws Exception {
        String large = helloWith("\"user\":\"" + "x".repeat(1000) + "\"");
        int both = HELLO.length() + large.length();
        Limits oneLarge = new Limits(8, 8, 1 << 20, both, 0, new Timeouts(NEVER, NEVER, NEVER));
        try (TestServer server = TestServer.over(engine, oneLarge)) {
            CompletableFuture<HttpResponse<String>> first = server.askLater(large);
            FakeEngine.Asked prompt = engine.next();

            HttpResponse<String> refused = server.ask(large);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(error(refused).get("code").asText()).isEqualTo("rate_limit_exceeded");
            CompletableFuture<HttpResponse<String>> small = server.askLater(HELLO);
            engine.next().ends(FinishReason.STOP);
            assertThat(small.join().statusCode()).isEqualTo(200);

            prompt.ends(FinishReason.STOP);
            assertThat(first.join().statusCode()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> again = server.askLater(large);
            engine.next().ends(FinishReason.STOP);
            assertThat(again.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void requestsBeyondTheLimitAreToldToComeAgain() throws Exception {
        Limits two = TestServer.limits(2, 1 << 20, NEVER, NEVER, NEVER);
        try (TestServer server = TestServer.over(() -> engine, TestServer.settings(two))) {
            CompletableFuture<HttpResponse<String>> first = server.askLater(HELLO);
            FakeEngine.Asked prompt = engine.next();
            CompletableFuture<HttpResponse<String>> second = server.askLater(HELLO);
            FakeEngine.Asked other = engine.next();

            HttpResponse<String> refused = server.ask(HELLO);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(error(refused).get("code").asText()).isEqualTo("rate_limit_exceeded");

            prompt.ends(FinishReason.STOP);
            assertThat(first.join().statusCode()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> third = server.askLater(HELLO);
            engine.next().ends(FinishReason.STOP);
            assertThat(third.join().statusCode()).isEqualTo(200);
            other.ends(FinishReason.STOP);
            assertThat(second.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void requestsBeyondWhatTheEngineWorksOnWaitTheirTurn() throws Exception {
        ServerSettings one = new ServerSettings(
                "127.0.0.1", 0, List.of("model"), Optional.empty(), List.of(), LIMITS, TestServer.engine(1));
        try (TestServer server = TestServer.over(() -> engine, one)) {
            CompletableFuture<HttpResponse<String>> first = server.askLater(HELLO);
            FakeEngine.Asked prompt = engine.next();
            CompletableFuture<HttpResponse<String>> second = server.askLater(HELLO);
            while (!server.send(server.request("/metrics")).body().contains("sparkvlm_requests_waiting 1\n")) {
                Thread.onSpinWait();
            }
            assertThat(engine.isIdle()).isTrue();
            prompt.ends(FinishReason.STOP);
            engine.next().ends(FinishReason.STOP);
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRequestTakesARoomOfTheEngineForEachOfItsChoices() throws Exception {
        ServerSettings four = new ServerSettings(
                "127.0.0.1", 0, List.of("model"), Optional.empty(), List.of(), LIMITS, TestServer.engine(4));
        try (TestServer server = TestServer.over(() -> engine, four)) {
            CompletableFuture<HttpResponse<String>> first = server.askLater(helloWith("\"n\":3"));
            List<FakeEngine.Asked> choices = List.of(engine.next(), engine.next(), engine.next());
            CompletableFuture<HttpResponse<String>> second = server.askLater(helloWith("\"n\":2"));
            while (!server.send(server.request("/metrics")).body().contains("sparkvlm_requests_waiting 1\n")) {
                Thread.onSpinWait();
            }
            assertThat(engine.isIdle()).isTrue();
            choices.forEach(choice -> choice.ends(FinishReason.STOP));
            engine.next().ends(FinishReason.STOP);
            engine.next().ends(FinishReason.STOP);
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsGivenUp() throws Exception {
        Limits impatient = TestServer.limits(8, 1 << 20, NEVER, SOON, NEVER);
        try (TestServer server = TestServer.over(() -> engine, TestServer.settings(impatient))) {
            HttpResponse<String> answer = server.ask(HELLO);

            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(error(answer).get("code").asText()).isEqualTo("request_timeout");
            engine.next().awaitCancelled();
        }
    }

    @Test
    void onlyWhoKnowsTheKeyIsAnswered() throws Exception {
        ServerSettings guarded = new ServerSettings(
                "127.0.0.1",
                0,
                List.of("model"),
                Optional.of(new ApiKey("s3cret")),
                List.of(),
                LIMITS,
                TestServer.engine(1));
        try (TestServer server = TestServer.over(() -> FakeEngine.saying("abc"), guarded)) {
            for (String wrong : List.of("Bearer s3cre", "Bearer s3crett", "Basic s3cret", "s3cret", "")) {
                HttpResponse<String> refused = server.send(server.post(HELLO).header("Authorization", wrong));
                assertThat(refused.statusCode()).as(wrong).isEqualTo(401);
                assertThat(error(refused).get("code").asText()).isEqualTo("invalid_api_key");
            }
            assertThat(server.ask(HELLO).statusCode()).isEqualTo(401);
            assertThat(server.send(server.request("/v1/models")).statusCode()).isEqualTo(401);
            assertThat(server.send(server.post(HELLO).header("Authorization", "Bearer s3cret"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.send(server.request("/health")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsAnsweredIsCountedByItsStatus() throws Exception {
        ServerSettings strict = new ServerSettings(
                "127.0.0.1",
                0,
                List.of("model"),
                Optional.of(new ApiKey("k")),
                List.of(),
                new Limits(64, 1, 100, 1 << 20, 0, new Timeouts(NEVER, NEVER, NEVER)),
                TestServer.engine(1));
        try (TestServer server = TestServer.over(() -> engine, strict);
                Socket noHost = server.connection("GET /health HTTP/1.1\r\n\r\n")) {
            server.ask(HELLO);
            server.send(server.request("/health").header("Origin", "https://b.org"));
            server.send(server.request("/other"));
            server.send(server.request("/health").method("PUT", BodyPublishers.noBody()));
            assertThat(readUntil(noHost, "\"error\"")).contains(" 400 ");
            assertThat(server.send(withKey(server.post(HELLO + " ".repeat(100))))
                            .statusCode())
                    .isEqualTo(413);
            CompletableFuture<HttpResponse<String>> answered =
                    server.sendLater(withKey(server.post(helloWith("\"stream\":true"))));
            FakeEngine.Asked prompt = engine.next();
            assertThat(server.send(withKey(server.post(HELLO))).statusCode()).isEqualTo(429);
            prompt.ends(FinishReason.STOP);
            assertThat(answered.join().statusCode()).isEqualTo(200);

            assertThat(server.send(server.request("/metrics"))
                            .body()
                            .lines()
                            .filter(line -> line.startsWith(RESPONSES)))
                    .containsExactlyInAnyOrder(
                            RESPONSES + "{status=\"200\"} 1",
                            RESPONSES + "{status=\"400\"} 1",
                            RESPONSES + "{status=\"401\"} 1",
                            RESPONSES + "{status=\"403\"} 1",
                            RESPONSES + "{status=\"404\"} 1",
                            RESPONSES + "{status=\"405\"} 1",
                            RESPONSES + "{status=\"413\"} 1",
                            RESPONSES + "{status=\"429\"} 1");
        }
    }

    private static HttpRequest.Builder withKey(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer k");
    }

    @Test
    void pagesOfAllowedOriginsMayAsk() throws Exception {
        ServerSettings open = new ServerSettings(
                "127.0.0.1",
                0,
                List.of("model"),
                Optional.of(new ApiKey("k")),
                List.of("https://a.org"),
                LIMITS,
                TestServer.engine(1));
        try (TestServer server = TestServer.over(() -> FakeEngine.saying("abc"), open)) {
            HttpResponse<String> preflight = server.send(server.request(TestServer.CHAT)
                    .method("OPTIONS", BodyPublishers.noBody())
                    .header("Origin", "https://a.org")
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "authorization, content-type"));
            assertThat(preflight.statusCode()).isEqualTo(200);
            assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                    .contains("https://a.org");
            assertThat(preflight
                            .headers()
                            .firstValue("access-control-allow-headers")
                            .orElseThrow())
                    .contains("Authorization");

            HttpResponse<String> other = server.send(
                    server.post(HELLO).header("Origin", "https://b.org").header("Authorization", "Bearer k"));
            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(other.headers().firstValue("access-control-allow-origin"))
                    .isEmpty();
        }
    }

    @Test
    void aServerThatStopsAnswersWhatItHasBegun() throws Exception {
        TestServer server = TestServer.over(engine);
        CompletableFuture<HttpResponse<String>> asked = server.askLater(helloWith("\"stream\":true"));
        FakeEngine.Asked prompt = engine.next();
        CompletableFuture<Void> stopped =
                CompletableFuture.runAsync(() -> server.server().stop(NEVER));
        while (isListening(server)) {
            Thread.onSpinWait();
        }
        assertThat(stopped).isNotDone();
        prompt.says("abc");
        prompt.ends(FinishReason.STOP);

        assertThat(TestServer.text(TestServer.events(asked.join()))).isEqualTo("abc");
        stopped.join();
        assertThat(engine.isClosed()).isTrue();
    }

    /** Stopping waits {@link TestServer#NEVER}, and idle connections are kept as long. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aServerThatStopsDoesNotWaitForConnectionsWithoutARequest() throws Exception {
        TestServer server = TestServer.over(engine);
        try (Socket silent = server.connection("");
                Socket begun = server.connection("POST /v1/cha");
                Socket between = server.connection("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(readUntil(between, "}")).contains("200");
            server.server().stop(NEVER);
            for (Socket client : List.of(silent, begun, between)) {
                assertThat(client.getInputStream().read()).isNegative();
            }
        }
        assertThat(engine.isClosed()).isTrue();
    }

    /** Jetty keeps the connection of an answer that it writes the last of as the stop comes, for what the client asks next. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aServerThatStopsDoesNotWaitForAClientThatKeepsItsConnectionAfterItsAnswer() throws Exception {
        ServerSettings much = new ServerSettings(
                "127.0.0.1",
                0,
                List.of("m".repeat(MORE_THAN_SOCKETS_HOLD)),
                Optional.empty(),
                List.of(),
                LIMITS,
                TestServer.engine(1));
        TestServer server = TestServer.over(() -> engine, much);
        try (Socket idle = server.connection("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Socket client = server.connection("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(readUntil(idle, "}")).contains("200");
            assertThat(client.getInputStream().read()).isEqualTo('H');
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> server.server().stop(NEVER));
            assertThat(idle.getInputStream().read()).isNegative(); // the stop has come to the connections

            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer.length()).isGreaterThan(MORE_THAN_SOCKETS_HOLD);
            assertThat(answer).endsWith("}").doesNotContain("Connection: close");
            stopped.get(); // which a timeout interrupts
        }
        assertThat(engine.isClosed()).isTrue();
    }

    @Test
    void aServerThatHasWaitedLongEnoughCancelsTheRest() throws Exception {
        TestServer server = TestServer.over(engine);
        CompletableFuture<HttpResponse<String>> asked = server.askLater(HELLO);
        FakeEngine.Asked prompt = engine.next();

        server.server().stop(SOON);

        prompt.awaitCancelled();
        assertThat(asked.handle((answer, failure) -> failure != null || answer.statusCode() >= 400)
                        .join())
                .isTrue();
    }

    private static boolean isListening(TestServer server) {
        try (Socket client = server.connection("")) {
            return client.isConnected();
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aClientWhoseRequestsAreRefusedAgainAndAgainWaitsAndOthersDoNot() throws Exception {
        FakeEngine quick = FakeEngine.saying("abc");
        Limits one = new Limits(64, 8, 1 << 20, 1 << 20, 1, new Timeouts(NEVER, NEVER, NEVER));
        byte[] another = {127, 0, 0, 2};
        ExecutorService asking = Executors.newFixedThreadPool(8);
        try (TestServer server = TestServer.over(quick, one)) {
            Callable<String> refused = () -> {
                try (Socket client = server.connectionFrom(another, "GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                    return readUntil(client, "}");
                }
            };
            String last = "";
            while (!last.contains(" 429 ")) { // as long as this machine is slower than one a second
                for (Future<String> answer : asking.invokeAll(Collections.nCopies(8, refused))) {
                    last = answer.get().contains(" 429 ") ? answer.get() : last;
                }
            }
            assertThat(last).contains("Retry-After: 1", "rate_limit_exceeded");

            assertThat(server.ask(HELLO).statusCode()).isEqualTo(200);
            while (!refused.call().contains(" 404 ")) {
                Thread.sleep(SOON.toMillis());
            }
        } finally {
            asking.shutdownNow();
        }
    }

    private static String readUntil(Socket client, String end) throws IOException {
        client.setSoTimeout((int) NEVER.toMillis());
        StringBuilder read = new StringBuilder();
        byte[] some = new byte[4096];
        while (read.indexOf(end) < 0) {
            int length = client.getInputStream().read(some);
            if (length < 0) {
                return read.toString();
            }
            read.append(new String(some, 0, length, StandardCharsets.UTF_8));
        }
        return read.toString();
    }
}
