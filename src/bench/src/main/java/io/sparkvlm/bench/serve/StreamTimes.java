package io.sparkvlm.bench.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * How one streamed answer came.
 *
 * @param firstSeconds from the request to the first part with text
 * @param promptTokens as the server's usage says
 * @param completionTokens as the server's usage says
 */
record StreamTimes(double firstSeconds, int promptTokens, int completionTokens) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";

    /** Asks and reads to the end. */
    static StreamTimes of(ServedModel server, HttpClient client, Question question)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(question.body(true)))
                .build();
        long start = System.nanoTime();
        HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
        if (answer.statusCode() != 200) {
            throw new IOException("expected an answer, found " + answer.statusCode() + ": "
                    + String.join("\n", answer.body().toList()));
        }
        long first = 0;
        JsonNode usage = JSON.missingNode();
        try (Stream<String> lines = answer.body()) {
            for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
                String data = line.next();
                if (!data.startsWith(DATA + "{")) {
                    continue;
                }
                JsonNode event = JSON.readTree(data.substring(DATA.length()));
                if (first == 0 && !event.at("/choices/0/delta/content").asText().isEmpty()) {
                    first = System.nanoTime();
                }
                if (event.hasNonNull("usage")) {
                    usage = event.get("usage");
                }
            }
        }
        return new StreamTimes(
                (first - start) / 1e9,
                usage.required("prompt_tokens").intValue(),
                usage.required("completion_tokens").intValue());
    }
}
