package io.sparkvlm.spark.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.sparkvlm.api.IncurableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are programs of their own, started and watched. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ServersOpenerTest {
    private static final Duration PATIENT = Duration.ofMinutes(4);

    private final Queue<Integer> ports = new ConcurrentLinkedQueue<>();
    private final List<HttpServer> others = new ArrayList<>();

    @Test
    void answersWithTheGpusOfItsExecutorAndEndsWhenItIsClosed() throws Exception {
        ProcessHandle server;
        try (RemoteServers servers = opened(ServingChild.command("{model} {gpu}"), List.of("2", "5"), 0)) {
            String answer = ask(servers, "hello");
            assertThat(answer).endsWith(" 2,5  it's a model 2,5");
            server = process(answer);
        }
        server.onExit().get();
    }

    @Test
    void startsAServerThatEndsAgainAsOftenAsItMay() throws Exception {
        try (RemoteServers servers = opened(ServingChild.command("a"), List.of(), 1)) {
            String first = ask(servers, "hello");
            assertThat(first).endsWith(" null  a");
            // The row that ends the first server ends the second, too, which may not be started again.
            assertThatThrownBy(() -> ask(servers, "end"))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IncurableException.class)
                    .hasMessageContaining("ended 2 times, which --engine-restarts bounds")
                    .hasMessageEndingWith("it said last: the device is lost | exit code 3");
            assertThatThrownBy(() -> ask(servers, "hello")).hasCauseInstanceOf(IncurableException.class);
        }
    }

    @Test
    void answersAgainFromAServerThatWasKilled() throws Exception {
        try (RemoteServers servers = opened(ServingChild.command(""), List.of(), 1)) {
            ProcessHandle first = process(ask(servers, "hello"));
            first.destroyForcibly();
            first.onExit().get();
            assertThat(process(ask(servers, "hello"))).isNotEqualTo(first);
        }
    }

    @Test
    void saysWhatAServerSaidThatDoesNotStart() {
        assertThatThrownBy(() -> opened("echo no such model {model} >&2; exit 2 # {port}", List.of(), 3))
                .isInstanceOf(IncurableException.class)
                .hasMessage("the server of --engine-command ended while it started; it said last: no such model it's a"
                        + " model | exit code 2");
        ServerCommand silent = new ServerCommand("sleep 1000 # {port}", "m", "/health", Duration.ofMillis(1), 3);
        assertThatThrownBy(() ->
                        ServersOpener.open(new ServersSource.Started(silent, 1, PATIENT), Optional.empty(), List.of()))
                .isInstanceOf(IncurableException.class)
                .hasMessageContaining("give it longer by --engine-start-timeout");
    }

    @Test
    void startsAtAnotherPortWhereAProgramTookTheFirst() throws Exception {
        try (RemoteServers servers = opened(0, taken(), free())) {
            assertThat(ask(servers, "hello")).endsWith(" null  a");
        }
    }

    /** Which counts as one restart. */
    @Test
    void startsAgainAtAnotherPortAndAtYetAnotherWhereAProgramTookThat() throws Exception {
        try (RemoteServers servers = opened(1, free(), taken(), free())) {
            ProcessHandle first = process(ask(servers, "hello"));
            first.destroyForcibly();
            first.onExit().get();
            assertThat(process(ask(servers, "hello"))).isNotEqualTo(first);
            assertThat(ports).isEmpty();
        }
    }

    @Test
    void saysThatNoPortWasFree() {
        assertThatThrownBy(() -> opened(0, taken(), taken(), taken(), taken(), taken()))
                .isInstanceOf(IncurableException.class)
                .hasMessageContaining("found its port taken by another program, at 5 ports one after the other");
    }

    private RemoteServers opened(int restarts, int... atPorts) throws Exception {
        Arrays.stream(atPorts).forEach(ports::add);
        ServerCommand command = new ServerCommand(ServingChild.command("a"), "m", "/health", PATIENT, restarts);
        return ServersOpener.started(
                new ServersSource.Started(command, 2, PATIENT), Optional.empty(), List.of(), ports::remove);
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1)) {
            return socket.getLocalPort();
        }
    }

    /** By a program that answers and knows no /health. */
    private int taken() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.start();
        others.add(other);
        return other.getAddress().getPort();
    }

    @AfterEach
    void endTheOthers() {
        others.forEach(other -> other.stop(0));
    }

    /** The second kind of server takes a session of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"exec", "exec setsid"})
    void endsWithAnExecutorThatIsKilled(String start) throws Exception {
        Process executor = new ProcessBuilder("sh", "-c", ServingChild.command(KilledExecutor.class, start))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ProcessHandle server;
        try (BufferedReader said = executor.inputReader()) {
            server = process(said.readLine());
            executor.destroyForcibly();
        }
        server.onExit().get();
    }

    @Test
    void refusesCommandsThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServerCommand("serve", "m", "/health", PATIENT, 0))
                .withMessageContaining("{port}");
        for (String path : List.of("health", "/is well", "//elsewhere/health")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ServerCommand("serve {port}", "m", path, PATIENT, 0))
                    .withMessageContaining("engine-health");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServerCommand("serve {port}", "m", "/health", PATIENT, -1))
                .withMessageContaining("engine-restarts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServerCommand("serve {port}", "m", "/health", Duration.ZERO, 1))
                .withMessageContaining("engine-start-timeout");
    }

    /** Opens a server, says which, and waits to be killed. */
    static final class KilledExecutor {
        private KilledExecutor() {}

        public static void main(String[] args) throws Exception {
            String command = ServingChild.command("").replaceFirst("exec", String.join(" ", args));
            RemoteServers servers = opened(command, List.of(), 0);
            System.out.println(ask(servers, "hello"));
            Thread.currentThread().join();
        }
    }

    private static RemoteServers opened(String command, List<String> gpus, int restarts) throws Exception {
        return ServersOpener.open(
                new ServersSource.Started(
                        new ServerCommand(command, "it's a model", "/health", PATIENT, restarts), 2, PATIENT),
                Optional.empty(),
                gpus);
    }

    private static String ask(RemoteServers servers, String body) throws Exception {
        return servers.ask(body).get().fold(answer -> answer, rejection -> {
            throw new AssertionError(rejection.message());
        });
    }

    private static ProcessHandle process(String answer) {
        return ProcessHandle.of(Long.parseLong(answer.split(" ", 2)[0])).orElseThrow();
    }
}
