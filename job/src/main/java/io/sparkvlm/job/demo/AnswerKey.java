package io.sparkvlm.job.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds what the demo asks and what should come of it, in the order of the requests.
 *
 * @param questions that have one right answer
 * @param faults requests that are bad on purpose
 */
public record AnswerKey(List<Entry> questions, List<Fault> faults) {
    /**
     * One question and its right answer.
     *
     * @param kind what the question is for, as count or colour
     */
    public record Entry(String customId, String kind, DemoQuestion question, String answer) {}

    /**
     * One bad request.
     *
     * @param code of the error that it should come to
     */
    public record Fault(String customId, String code) {}

    /** Reads requests.jsonl and answers.jsonl, as src/demo-model writes them. */
    public static AnswerKey read(Path folder) throws IOException {
        Map<String, JsonNode> bodies = new LinkedHashMap<>();
        for (JsonNode request : lines(folder.resolve("requests.jsonl"))) {
            bodies.put(request.path("custom_id").asText(), request.path("body"));
        }
        List<Entry> questions = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        for (JsonNode expected : lines(folder.resolve("answers.jsonl"))) {
            String id = expected.path("custom_id").asText();
            if (!bodies.containsKey(id)) {
                throw new IOException("expected a request for each answer in " + folder + ", found none for " + id);
            }
            if (expected.has("error")) {
                faults.add(new Fault(id, expected.path("error").asText()));
            } else {
                questions.add(new Entry(
                        id,
                        expected.path("kind").asText(),
                        DemoQuestion.of(bodies.get(id)),
                        expected.path("answer").asText()));
            }
        }
        return new AnswerKey(List.copyOf(questions), List.copyOf(faults));
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(OpenAiJson.read(line));
        }
        return lines;
    }
}
