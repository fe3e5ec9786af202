package io.sparkvlm.spark.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/** Asks servers by which name they call their model. */
public final class ServedModel {
    private static final int MAX_BYTES = 1 << 20;

    private ServedModel() {}

    /**
     * The name of the first server's that answers.
     *
     * @throws IOException in one line, with what to do, where none does
     */
    public static String ask(RemoteSettings settings, Optional<String> apiKey)
            throws IOException, InterruptedException {
        IOException last = new IOException("expected a server");
        for (URI url : settings.urls()) {
            try {
                return ask(url, settings, apiKey);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private static String ask(URI url, RemoteSettings settings, Optional<String> apiKey)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(RemoteServer.path(url, "/v1/models"))
                .timeout(settings.connectTimeout())
                .GET();
        apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
        HttpResponse<String> response;
        try {
            response = RemoteServers.client(settings).send(request.build(), info -> new BoundedText(MAX_BYTES));
        } catch (IOException e) {
            throw new IOException(
                    "expected a server at engine-url " + url
                            + " that says its model's name, found no connection: start it first, or give --engine-model",
                    e);
        }
        if (response.statusCode() != 200) {
            throw new IOException("expected the model's name of engine-url " + url + ", found status "
                    + response.statusCode() + ": set OPENAI_API_KEY where it wants a key, or give --engine-model");
        }
        return only(url, response.body());
    }

    private static String only(URI url, String body) throws IOException {
        JsonNode models;
        try {
            models = OpenAiJson.read(body).path("data");
        } catch (JsonProcessingException e) {
            throw new IOException("expected JSON of /v1/models at engine-url " + url + ", found something else", e);
        }
        String name = models.path(0).path("id").asText("");
        if (models.size() != 1 || name.isEmpty()) {
            throw new IOException("expected one model at engine-url " + url + ", found " + models.size()
                    + ": say which by --engine-model");
        }
        return name;
    }
}
