package io.sparkvlm.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The job's engine without the job, through DJL, in a process for each workload. */
final class BareEngineContender implements Contender {
    private final Path checkpoint;
    private final Workload oneToken;
    private final List<String> options;

    /** @param options of the model, {@code NAME=VALUE} */
    BareEngineContender(Path checkpoint, Workload oneToken, List<String> options) {
        this.checkpoint = checkpoint;
        this.oneToken = oneToken;
        this.options = options;
    }

    @Override
    public String name() {
        return "bare engine";
    }

    @Override
    public Session run(List<Workload> workloads) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("sparkvlm-peers");
        WatchedProcess first = process(oneToken, work, "first");
        long peak = first.peakBytes();
        Map<WorkloadKind, Answered> answered = new EnumMap<>(WorkloadKind.class);
        for (Workload workload : workloads) {
            String run = workload.kind().toString();
            WatchedProcess process = process(workload, work, run);
            peak = Math.max(peak, process.peakBytes());
            answered.put(
                    workload.kind(),
                    SparkVlmContender.answered(
                            EngineSteps.read(work.resolve(run + "-trace.json")),
                            OptionalDouble.of(process.seconds()),
                            work.resolve(run + ".jsonl")));
        }
        return new Session(first.seconds(), peak, answered);
    }

    private WatchedProcess process(Workload workload, Path work, String run) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                BareEngine.class.getName(),
                checkpoint.toString(),
                workload.file().toString(),
                work.resolve(run + ".jsonl").toString(),
                "allowed-local-media-path=" + workload.file().getParent(),
                "profile=" + work.resolve(run + "-trace.json")));
        command.addAll(options);
        return WatchedProcess.run(command, Map.of(), work.resolve(run + ".log"));
    }
}
