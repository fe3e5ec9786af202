package io.sparkvlm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.server.ServerSettings.EngineTraits;
import io.sparkvlm.server.ServerSettings.Limits;
import io.sparkvlm.server.ServerSettings.Timeouts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server over an engine of the tests, and clients that ask it. */
final class TestServer implements AutoCloseable {
    static final Duration NEVER = Duration.ofMinutes(5);
    static final Limits LIMITS = limits(512, 1 << 20, NEVER, NEVER, NEVER);
    static final int MOST_CHOICES = 8;
    static final String CHAT = "/v1/chat/completions";
    static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private static final Path CHECKPOINT = Path.of("../../preprocessing/src/test/resources/reference/tied/checkpoint");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final VlmServer server;
    private final int port;

    private TestServer(VlmServer server) {
        this.server = server;
        this.port = server.port(); // which a server that has stopped does not know any more
    }

    /** Decodes in this process, which takes no time to start. */
    static TestServer over(EngineOpener opener, ServerSettings settings) throws IOException {
        return over(
                opener,
                settings,
                Preprocessor.open(
                        CHECKPOINT,
                        PreprocessingConfig.DEFAULT
                                .withDecoderIsolation(DecoderIsolation.THIS_PROCESS)
                                .withMostChoices(MOST_CHOICES)));
    }

    static TestServer over(EngineOpener opener, ServerSettings settings, Preprocessor preprocessor) throws IOException {
        return new TestServer(VlmServer.start(settings, preprocessor, opener));
    }

    static TestServer over(FakeEngine engine) throws IOException {
        return over(() -> engine, settings(LIMITS));
    }

    static TestServer over(FakeEngine engine, Limits limits) throws IOException {
        return over(() -> engine, settings(limits));
    }

    static ServerSettings settings(Limits limits) {
        return new ServerSettings("127.0.0.1", 0, List.of("model"), Optional.empty(), List.of(), limits, engine(64));
    }

    /** As many connections and bytes of all requests as ever come. */
    static Limits limits(int requests, int bodyBytes, Duration body, Duration request, Duration idle) {
        return new Limits(10_000, requests, bodyBytes, 1 << 28, 0, new Timeouts(body, request, idle));
    }

    static EngineTraits engine(int sequences) {
        return new EngineTraits(sequences, NEVER);
    }

    VlmServer server() {
        return server;
    }

    /** The hello with other fields before its messages. */
    static String helloWith(String fields) {
        return "{" + fields + "," + HELLO.substring(1);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(2));
    }

    HttpRequest.Builder post(String body) {
        return request(CHAT).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> ask(String body) throws IOException, InterruptedException {
        return send(post(body));
    }

    CompletableFuture<HttpResponse<String>> askLater(String body) {
        return sendLater(post(body));
    }

    CompletableFuture<HttpResponse<String>> sendLater(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** The lines of the answer as they come. */
    CompletableFuture<HttpResponse<Stream<String>>> followLater(String body) {
        return client.sendAsync(post(body).build(), BodyHandlers.ofLines());
    }

    /** A connection that has sent this much of a request. */
    Socket connection(String begun) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream().write(begun.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same of a client at another address of this machine. */
    Socket connectionFrom(byte[] address, String begun) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByAddress(address), 0);
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** The same of a client that takes some kilobytes and no more without reading. */
    Socket smallConnection(String begun) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(1); // the least that there is
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream().write(begun.getBytes(StandardCharsets.UTF_8));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection that has sent a whole request. */
    Socket connectionAsking(String body) {
        return connection(head(body.length()) + body);
    }

    static String head(int length) {
        return "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + length + "\r\n\r\n";
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    static JsonNode error(HttpResponse<String> response) throws IOException {
        return json(response).get("error");
    }

    /** The data of the events, of which the last is the word for the end. */
    static List<JsonNode> events(HttpResponse<String> response) {
        List<String> lines =
                response.body().lines().filter(line -> !line.isEmpty()).toList();
        if (!lines.get(lines.size() - 1).equals("data: [DONE]")) {
            throw new AssertionError("expected events up to [DONE], found " + lines);
        }
        return lines.subList(0, lines.size() - 1).stream()
                .map(TestServer::event)
                .toList();
    }

    /** The data of an event's line. */
    static JsonNode event(String line) {
        try {
            return JSON.readTree(line.substring("data: ".length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the events say together. */
    static String text(List<JsonNode> events) {
        return text(events, 0);
    }

    /** What the events say of one choice. */
    static String text(List<JsonNode> events, int choice) {
        return parts(events, choice)
                .map(part -> part.at("/delta/content").asText(""))
                .collect(Collectors.joining());
    }

    /** The parts of one choice. */
    static Stream<JsonNode> parts(List<JsonNode> events, int choice) {
        return events.stream()
                .map(event -> event.path("choices").path(0))
                .filter(part -> part.path("index").asInt(-1) == choice);
    }

    @Override
    public void close() {
        server.close();
    }
}
