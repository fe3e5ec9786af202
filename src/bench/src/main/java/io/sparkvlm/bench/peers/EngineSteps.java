package io.sparkvlm.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** The steps of a trace that {@code --profile} wrote. */
record EngineSteps(List<JsonNode> steps) {
    static EngineSteps read(Path trace) throws IOException {
        return new EngineSteps(
                StreamSupport.stream(new ObjectMapper().readTree(trace.toFile()).spliterator(), false)
                        .filter(event -> "step".equals(event.required("name").textValue()))
                        .toList());
    }

    /** From the beginning of the first step to the end of the last, with what lies between steps. */
    double seconds() {
        return endSeconds() - steps.get(0).required("ts").doubleValue() / 1e6;
    }

    /** When the last one ended, by the clock of {@link System#nanoTime}. */
    double endSeconds() {
        JsonNode last = steps.get(steps.size() - 1);
        return (last.required("ts").doubleValue() + last.required("dur").doubleValue()) / 1e6;
    }

    /** Of those that computed one token for each of all sequences at once. */
    double medianDecodeSeconds() {
        int most =
                steps.stream().mapToInt(step -> figure(step, "sequences")).max().orElse(0);
        double[] seconds = steps.stream()
                .filter(step -> figure(step, "sequences") == most && figure(step, "tokens") == most)
                .mapToDouble(step -> step.required("dur").doubleValue() / 1e6)
                .toArray();
        return Median.of(seconds);
    }

    private static int figure(JsonNode step, String name) {
        return step.required("args").required(name).intValue();
    }
}
