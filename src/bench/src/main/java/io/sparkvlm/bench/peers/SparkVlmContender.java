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

/** The job as users start it, a process for each workload. */
final class SparkVlmContender implements Contender {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Path checkpoint;
    private final Workload oneToken;
    private final List<String> flags;

    /**
     * @param oneToken a request of text with one token
     * @param flags of {@code generate}, besides those for model, input and output
     */
    SparkVlmContender(String name, Path checkpoint, Workload oneToken, List<String> flags) {
        this.name = name;
        this.checkpoint = checkpoint;
        this.oneToken = oneToken;
        this.flags = flags;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Session run(List<Workload> workloads) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("sparkvlm-peers");
        WatchedProcess first = job(oneToken, work, "first");
        long peak = first.peakBytes();
        Map<WorkloadKind, Answered> answered = new EnumMap<>(WorkloadKind.class);
        for (Workload workload : workloads) {
            String run = workload.kind().toString();
            WatchedProcess job = job(workload, work, run);
            peak = Math.max(peak, job.peakBytes());
            answered.put(
                    workload.kind(),
                    answered(
                            EngineSteps.read(work.resolve(run + "-trace.json")),
                            OptionalDouble.of(job.seconds()),
                            work.resolve(run + ".jsonl")));
        }
        return new Session(first.seconds(), peak, answered);
    }

    private WatchedProcess job(Workload workload, Path work, String run) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Checkout.file("sparkvlm").toAbsolutePath().toString(),
                "generate",
                "--model",
                checkpoint.toString(),
                "--input",
                workload.file().toString(),
                "--allowed-local-media-path",
                workload.file().getParent().toString(),
                "--output",
                work.resolve(run + ".jsonl").toString(),
                "--profile",
                work.resolve(run + "-trace.json").toString()));
        command.addAll(flags);
        return WatchedProcess.run(command, Map.of(), work.resolve(run + ".log"));
    }

    static Answered answered(EngineSteps steps, OptionalDouble wholeSeconds, Path output) throws IOException {
        Map<String, Integer> promptTokens = new HashMap<>();
        Map<String, Integer> completionTokens = new HashMap<>();
        for (String line : Files.readAllLines(output)) {
            JsonNode row = JSON.readTree(line);
            JsonNode usage = row.at("/response/body/usage");
            String id = row.required("custom_id").textValue();
            promptTokens.put(id, usage.required("prompt_tokens").intValue());
            completionTokens.put(id, usage.required("completion_tokens").intValue());
        }
        return new Answered(steps.seconds(), wholeSeconds, steps.medianDecodeSeconds(), promptTokens, completionTokens);
    }
}
