package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command serve, from the jar to submit. */
final class ServeTest {
    private static final Pattern LISTENING = Pattern.compile("listening on (http://127.0.0.1:\\d+/v1)\n");

    @TempDir
    private Path folder;

    @Test
    void answersAsGenerateDoesAndEndsWellAtSigterm() throws Exception {
        assumeThat(SparkProcess.jar()).as("made by the package phase").exists();
        List<String> args = List.of(
                "--class",
                "io.sparkvlm.job.Main",
                SparkProcess.jar().toString(),
                "serve",
                "--model",
                Reference.checkpoint().toString(),
                "--dtype",
                "float32",
                "--allowed-local-media-path",
                Reference.media().toString(),
                "--port",
                "0");
        try (SparkProcess server = SparkProcess.start(folder, "serve", "org.apache.spark.deploy.SparkSubmit", args)) {
            server.awaitLine("/v1\n");
            Matcher listening = LISTENING.matcher(server.output());
            assertThat(listening.find()).isTrue();
            for (String line : Reference.linesWithLogprobs()) {
                JsonNode request = Reference.JSON.readTree(line);
                JsonNode answer = asked(listening.group(1), request.get("body").toString());
                assertThat(answer.at("/choices/0/message/content"))
                        .as(line)
                        .isEqualTo(Reference.expected()
                                .get(request.get("custom_id").textValue())
                                .get("text"));
            }
            server.terminate();
            assertThat(server.await()).isZero();
            assertThat(server.output()).doesNotContain("SparkContext");
        }
    }

    private static JsonNode asked(String url, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return Reference.JSON.readTree(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }
}
