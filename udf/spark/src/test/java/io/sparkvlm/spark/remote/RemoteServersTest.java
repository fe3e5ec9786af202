package io.sparkvlm.spark.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.IncurableException;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.spark.remote.RemoteSettings.Retries;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RemoteServersTest {
    private static final Duration PATIENT = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(1);

    @Test
    void sendsTheBodyAndTheKeyAndGivesTheAnswerBack() throws Exception {
        try (ScriptedServer server = new ScriptedServer((it, body) -> ScriptedServer.reply(it, 200, "to " + body));
                RemoteServers servers = servers(Optional.of("secret"), server.url())) {
            assertThat(answer(servers.ask("a"))).isEqualTo("to a");
            assertThat(server.keys()).containsExactly("Bearer secret");
        }
    }

    @Test
    void asksAgainWhereAServerHasNoRoom() throws Exception {
        for (int status : new int[] {429, 502, 503, 504}) {
            AtomicInteger left = new AtomicInteger(4); // more than the faults that a row may have
            try (ScriptedServer server = new ScriptedServer((it, body) -> {
                        it.getResponseHeaders().set("Retry-After", "0");
                        ScriptedServer.reply(it, left.getAndDecrement() > 0 ? status : 200, body);
                    });
                    RemoteServers servers = servers(Optional.empty(), server.url())) {
                assertThat(answer(servers.ask("a"))).isEqualTo("a");
                assertThat(server.asked()).hasSize(5);
            }
        }
    }

    @Test
    void restsAsLongAsAServerSaysBeforeItsOwnDoubling() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Retries slow = new Retries(3, 20, PATIENT, PATIENT, PATIENT);
        try (ScriptedServer server = new ScriptedServer((it, body) -> {
                    it.getResponseHeaders().set("Retry-After", "0");
                    ScriptedServer.reply(it, asked.getAndIncrement() == 0 ? 429 : 200, body);
                });
                RemoteServers servers = servers(slow, 4, Optional.empty(), server.url())) {
            assertThat(answer(servers.ask("a"))).isEqualTo("a");
        }
    }

    @Test
    void makesARefusalTheRowsErrorWithTheServersMessage() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        (it, body) -> ScriptedServer.reply(
                                it,
                                400,
                                "{\"error\":{\"message\":\"no tools here\",\"code\":\"unsupported_parameter\",\"param\":\"tools\"}}"));
                RemoteServers servers = servers(Optional.empty(), server.url())) {
            assertThat(rejection(servers.ask("a")))
                    .isEqualTo(Rejection.at("tools", RequestCode.UNSUPPORTED_PARAMETER, "no tools here"));
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void readsWhatOtherServersSayIsWrong() {
        assertThat(ErrorBody.read("{\"object\":\"error\",\"message\":\"bad\",\"code\":400}")
                        .rejection(400))
                .isEqualTo(Rejection.of(RequestCode.INVALID_VALUE, "bad"));
        assertThat(ErrorBody.read("{\"error\":{\"message\":\"This model's maximum context length is 9\",\"code\":400}}")
                        .rejection(400)
                        .code())
                .isEqualTo(RequestCode.CONTEXT_LENGTH_EXCEEDED);
        assertThat(ErrorBody.read("<html>").rejection(404))
                .isEqualTo(Rejection.of(RequestCode.MODEL_NOT_FOUND, "the server gives no reason"));
    }

    @Test
    void givesARowUpWhoseServersBreakOfIt() throws Exception {
        try (ScriptedServer server = new ScriptedServer((it, body) -> {
                    if (body.equals("good")) {
                        ScriptedServer.reply(it, 200, body);
                    } // else the connection ends without an answer
                });
                RemoteServers servers = servers(Optional.empty(), server.url())) {
            assertThat(rejection(servers.ask("poison")).code()).isEqualTo(EngineCode.SERVER_ERROR);
            assertThat(answer(servers.ask("good"))).isEqualTo("good");
        }
    }

    @Test
    void asksAgainWhereAServerBreaksAndGivesTheRowUpInTheEnd() throws Exception {
        AtomicInteger left = new AtomicInteger(2); // one less than the faults that a row may have
        try (ScriptedServer server = new ScriptedServer((it, body) -> ScriptedServer.reply(
                        it, body.equals("poison") || left.getAndDecrement() > 0 ? 500 : 200, body));
                RemoteServers servers = servers(Optional.empty(), server.url())) {
            assertThat(answer(servers.ask("a"))).isEqualTo("a");
            assertThat(server.asked()).containsExactly("a", "a", "a");

            Rejection rejection = rejection(servers.ask("poison"));
            assertThat(rejection.code()).isEqualTo(EngineCode.SERVER_ERROR);
            assertThat(rejection.message()).contains("status 500");
            assertThat(server.asked()).hasSize(6);
        }
    }

    @Test
    void leavesAServerOutThatIsGone() throws Exception {
        try (ScriptedServer server = new ScriptedServer((it, body) -> ScriptedServer.reply(it, 200, body));
                RemoteServers servers = servers(Optional.empty(), gone(), server.url())) {
            for (int row = 0; row < 20; row++) {
                assertThat(answer(servers.ask("row " + row))).isEqualTo("row " + row);
            }
            assertThat(server.asked()).hasSize(20);
        }
    }

    @Test
    void endsTheJobWhereAllServersAreGoneForLong() throws Exception {
        Retries brief = new Retries(3, 20, SHORT, SHORT, SHORT);
        try (RemoteServers servers = servers(brief, 4, Optional.empty(), gone(), gone())) {
            assertThatThrownBy(() -> answer(servers.ask("a")))
                    .hasCauseInstanceOf(IncurableException.class)
                    .hasMessageContaining("none of the engine's 2 servers answers");
            assertThatThrownBy(() -> answer(servers.ask("b"))).hasCauseInstanceOf(IncurableException.class);
        }
    }

    @Test
    void endsTheJobWhereTheKeyIsRefused() throws Exception {
        try (ScriptedServer server = new ScriptedServer((it, body) -> ScriptedServer.reply(it, 401, "{}"));
                RemoteServers servers = servers(Optional.of("secret"), server.url())) {
            assertThatThrownBy(() -> answer(servers.ask("a")))
                    .hasCauseInstanceOf(IncurableException.class)
                    .hasMessageContaining("set the key")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void hasNoMoreRequestsAtAServerThanItsLimit() throws Exception {
        CountDownLatch two = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer((it, body) -> {
                    if (!body.equals("last")) {
                        two.countDown();
                        await(release);
                    }
                    ScriptedServer.reply(it, 200, body);
                });
                RemoteServers servers = servers(Retries.DEFAULT, 2, Optional.empty(), server.url());
                RemoteServers others = servers(Optional.empty(), server.url())) {
            List<CompletableFuture<Outcome<String>>> asked =
                    List.of(servers.ask("a"), servers.ask("b"), servers.ask("c"), servers.ask("d"));
            await(two);
            answer(others.ask("last")); // which came after all that were sent before it

            assertThat(server.asked()).containsExactlyInAnyOrder("a", "b", "last");
            release.countDown();
            for (CompletableFuture<Outcome<String>> one : asked) {
                answer(one);
            }
            assertThat(server.asked()).hasSize(5);
        }
    }

    @Test
    void freesThePlaceOfARequestThatIsCancelled() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer((it, body) -> {
                    if (body.equals("slow")) {
                        arrived.countDown();
                        await(never);
                    }
                    ScriptedServer.reply(it, 200, body);
                });
                RemoteServers servers = servers(Retries.DEFAULT, 1, Optional.empty(), server.url())) {
            CompletableFuture<Outcome<String>> slow = servers.ask("slow");
            CompletableFuture<Outcome<String>> next = servers.ask("next");
            await(arrived);
            slow.cancel(true);
            assertThat(answer(next)).isEqualTo("next");
            never.countDown();
        }
    }

    @Test
    void refusesAddressesThatAreNone() {
        for (String url :
                List.of("file:///etc", "http://user:hunter2@host", "http:///path", "http://host?key=hunter2")) {
            assertThatThrownBy(() -> new RemoteSettings(List.of(URI.create(url)), 1, PATIENT, PATIENT, Retries.DEFAULT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("engine-url")
                    .hasMessageNotContaining("hunter2");
        }
    }

    private static RemoteServers servers(Optional<String> key, URI... urls) {
        return servers(new Retries(3, 20, SHORT, SHORT, PATIENT), 4, key, urls);
    }

    private static RemoteServers servers(Retries retries, int concurrency, Optional<String> key, URI... urls) {
        return new RemoteServers(new RemoteSettings(List.of(urls), concurrency, PATIENT, PATIENT, retries), key);
    }

    /** Where nothing listens. */
    private static URI gone() throws Exception {
        try (ServerSocket closed = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
    }

    private static String answer(CompletableFuture<Outcome<String>> asked) throws Exception {
        return asked.get(5, TimeUnit.MINUTES).fold(text -> text, rejection -> rejection.toString());
    }

    private static Rejection rejection(CompletableFuture<Outcome<String>> asked) throws Exception {
        return asked.get(5, TimeUnit.MINUTES).fold(text -> Rejection.of(EngineCode.SERVER_ERROR, text), it -> it);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("expected a signal within five minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
