package io.sparkvlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests changed at random are answered or refused, and none is a fault of the server. */
final class RandomRequestsTest {
    private static final int MUTATIONS = Integer.getInteger("sparkvlm.mutations", 2000) / 4;
    private static final List<String> PATHS =
            List.of(TestServer.CHAT, "/v1/models", "/v1/models/other", "/health", "/metrics");
    private static final List<String> BODIES = List.of(
            TestServer.HELLO,
            TestServer.helloWith("\"stream\":true,\"stream_options\":{\"include_usage\":true},\"stop\":[\"a\",\"b\"]"),
            TestServer.helloWith(
                    "\"model\":\"model\",\"temperature\":0.5,\"logprobs\":true,\"top_logprobs\":2,\"max_tokens\":7,\"n\":2"),
            "{\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"b\"},"
                    + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgo=\"}}]}]}");

    private final Random random = new Random(11);
    private static TestServer server;

    @BeforeAll
    static void open() throws Exception {
        server = TestServer.over(FakeEngine.saying("abab"));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void noBodyIsAFault() throws Exception {
        for (String path : PATHS) {
            Set<Integer> statuses = new TreeSet<>();
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] body = changed(BODIES.get(random.nextInt(BODIES.size())));
                HttpResponse<String> answer = server.send(server.request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body)));
                assertThat(answer.statusCode())
                        .as(() -> path + " " + new String(body, StandardCharsets.ISO_8859_1))
                        .isLessThan(500);
                statuses.add(answer.statusCode());
            }
            assertThat(statuses).as(path).isSubsetOf(200, 400, 404, 405);
        }
    }

    @Test
    void noHeadIsAFault() throws Exception {
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = changed(TestServer.head(TestServer.HELLO.length()) + TestServer.HELLO);
            try (Socket client = server.connection("")) {
                client.getOutputStream().write(bytes);
                client.shutdownOutput();
                assertThat(firstLine(client)).doesNotContain(" 500 ");
            }
        }
        assertThat(server.ask(TestServer.HELLO).statusCode()).isEqualTo(200);
    }

    private static String firstLine(Socket client) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = client.getInputStream().read(); next >= 0 && next != '\n'; ) {
            line.append((char) next);
            next = client.getInputStream().read();
        }
        return line.toString();
    }

    /** With some bytes dropped, doubled or replaced. */
    private byte[] changed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 1; i++) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(1 + random.nextInt(8), bytes.length - at);
            ByteArrayOutputStream next = new ByteArrayOutputStream();
            next.write(bytes, 0, at);
            switch (random.nextInt(3)) {
                case 0 -> next.write(bytes, at + length, bytes.length - at - length);
                case 1 -> {
                    next.write(bytes, at, length);
                    next.write(bytes, at, bytes.length - at);
                }
                default -> {
                    next.write(random.nextInt(256));
                    next.write(bytes, at + 1, bytes.length - at - 1);
                }
            }
            bytes = next.toByteArray();
        }
        return bytes;
    }
}
