package io.sparkvlm.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.bench.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/** The engine, a process for each workload: in the job as users start it, or bare. */
final class SparkVlmContender implements Contender {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Workload oneToken;
    private final Function<Run, List<String>> command;

    private SparkVlmContender(String name, Workload oneToken, Function<Run, List<String>> command) {
        this.name = name;
        this.oneToken = oneToken;
        this.command = command;
    }

    /** What a process answers, and where it leaves what. */
    private record Run(Path requests, Path answers, Path trace, Path log) {
        static Run of(Workload workload, Path work, String name) {
            return new Run(
                    workload.file(),
                    work.resolve(name + ".jsonl"),
                    work.resolve(name + "-trace.json"),
                    work.resolve(name + ".log"));
        }
    }

    /**
     * The job, by its command.
     *
     * @param oneToken a request of text with one token
     * @param flags of {@code generate}, besides those for model, input and output
     */
    static SparkVlmContender job(String name, Path checkpoint, Workload oneToken, List<String> flags) {
        return new SparkVlmContender(
                name,
                oneToken,
                run -> with(
                        flags,
                        Checkout.file("sparkvlm").toAbsolutePath().toString(),
                        "generate",
                        "--model",
                        checkpoint.toString(),
                        "--input",
                        run.requests().toString(),
                        "--allowed-local-media-path",
                        run.requests().getParent().toString(),
                        "--output",
                        run.answers().toString(),
                        "--profile",
                        run.trace().toString()));
    }

    /**
     * The job's engine without the job, through DJL.
     *
     * @param oneToken a request of text with one token
     * @param options of the model, {@code NAME=VALUE}
     */
    static SparkVlmContender bareEngine(Path checkpoint, Workload oneToken, List<String> options) {
        return new SparkVlmContender(
                "bare engine",
                oneToken,
                run -> with(
                        options,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareEngine.class.getName(),
                        checkpoint.toString(),
                        run.requests().toString(),
                        run.answers().toString(),
                        "allowed-local-media-path=" + run.requests().getParent(),
                        "profile=" + run.trace()));
    }

    private static List<String> with(List<String> last, String... first) {
        return Stream.concat(Stream.of(first), last.stream()).toList();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Session run(List<Workload> workloads) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("sparkvlm-peers");
        Run one = Run.of(oneToken, work, "first");
        WatchedProcess first = process(one);
        double firstToken = EngineSteps.read(one.trace()).endSeconds() - first.startNanos() / 1e9;
        long peak = first.peakBytes();
        Map<WorkloadKind, Answered> answered = new EnumMap<>(WorkloadKind.class);
        for (Workload workload : workloads) {
            Run run = Run.of(workload, work, workload.kind().toString());
            WatchedProcess process = process(run);
            peak = Math.max(peak, process.peakBytes());
            answered.put(workload.kind(), answered(EngineSteps.read(run.trace()), process.seconds(), run.answers()));
        }
        return new Session(firstToken, peak, answered);
    }

    private WatchedProcess process(Run run) throws IOException, InterruptedException {
        return WatchedProcess.run(command.apply(run), Map.of(), run.log());
    }

    private static Answered answered(EngineSteps steps, double wholeSeconds, Path output) throws IOException {
        Map<String, Integer> promptTokens = new HashMap<>();
        Map<String, Integer> completionTokens = new HashMap<>();
        for (String line : Files.readAllLines(output)) {
            JsonNode row = JSON.readTree(line);
            JsonNode usage = row.at("/response/body/usage");
            String id = row.required("custom_id").textValue();
            promptTokens.put(id, usage.required("prompt_tokens").intValue());
            completionTokens.put(id, usage.required("completion_tokens").intValue());
        }
        return new Answered(
                steps.seconds(),
                OptionalDouble.of(wholeSeconds),
                steps.medianDecodeSeconds(),
                promptTokens,
                completionTokens);
    }
}
