package io.sparkvlm.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.bench.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** An engine that a script of {@code src/bench/python} drives, in one process for all workloads. */
final class PythonContender implements Contender {
    private final String name;
    private final List<String> command;
    private final Path checkpoint;
    private final Workload oneToken;

    /**
     * @param command a Python, a script's name, and the script's own flags
     * @param oneToken a request of text with one token
     */
    PythonContender(String name, List<String> command, Path checkpoint, Workload oneToken) {
        this.name = name;
        this.command = command;
        this.checkpoint = checkpoint;
        this.oneToken = oneToken;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Session run(List<Workload> workloads) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("sparkvlm-peers");
        Path result = work.resolve("result.json");
        List<String> line = new ArrayList<>(command);
        line.set(1, Checkout.file("src/bench/python/" + command.get(1)).toString());
        line.addAll(List.of(
                "--model",
                checkpoint.toString(),
                "--result",
                result.toString(),
                "--started",
                Double.toString(System.currentTimeMillis() / 1e3),
                "--first",
                oneToken.file().toString()));
        workloads.forEach(workload -> line.add(workload.file().toString()));
        // Nothing is fetched, and no core is left to helpers that tokenize.
        WatchedProcess process = WatchedProcess.run(
                line, Map.of("HF_HUB_OFFLINE", "1", "TOKENIZERS_PARALLELISM", "false"), work.resolve("log"));
        JsonNode said = new ObjectMapper().readTree(result.toFile());
        Map<WorkloadKind, Answered> answered = new EnumMap<>(WorkloadKind.class);
        for (Workload workload : workloads) {
            JsonNode figures =
                    said.required("workloads").required(workload.kind().toString());
            answered.put(
                    workload.kind(),
                    new Answered(
                            figures.required("seconds").doubleValue(),
                            OptionalDouble.empty(),
                            figures.required("step_seconds").doubleValue(),
                            counts(figures.required("prompt_tokens")),
                            counts(figures.required("completion_tokens"))));
        }
        return new Session(said.required("first_token_seconds").doubleValue(), process.peakBytes(), answered);
    }

    private static Map<String, Integer> counts(JsonNode byId) {
        Map<String, Integer> counts = new HashMap<>();
        byId.properties().forEach(row -> counts.put(row.getKey(), row.getValue().intValue()));
        return counts;
    }
}
