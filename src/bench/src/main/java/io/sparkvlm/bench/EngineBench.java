package io.sparkvlm.bench;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.BatchingEngine;
import io.sparkvlm.engine.CacheConfig;
import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prefill and decode tokens a second and requests a second, on random weights. */
@Command(name = "engine", description = "Prefill, decode and requests a second on random weights of real dimensions.")
final class EngineBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--dims", defaultValue = "2b", description = "2b or small. Default: ${DEFAULT-VALUE}")
    private String dims;

    @Option(names = "--dtype", defaultValue = "bfloat16", description = "bfloat16 or float32")
    private String dtype;

    @Option(
            names = "--quantization",
            defaultValue = "none",
            description = "none, a16w8, a16w4 or a8w8. Default: ${DEFAULT-VALUE}")
    private String quantization;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu, cuda or cuda:N")
    private String device;

    @Option(names = "--threads", defaultValue = "2", description = "Threads of an operator. Default: ${DEFAULT-VALUE}")
    private int threads;

    @Option(
            names = "--folder",
            description = "Where the random checkpoint lies or is written. Default: a temporary one")
    private Path folder;

    @Option(names = "--profile", description = "A trace of the engine's steps for Chrome's trace viewer or Perfetto")
    private Path profile;

    @Option(
            names = "--only",
            description = "decode: nothing but one and eight sequences at once; prefill: a prompt of text;"
                    + " pictures: requests with one each. Default: all, and more")
    private Part only;

    /** What can be measured alone. */
    private enum Part {
        DECODE,
        PREFILL,
        PICTURES
    }

    private final Random random = new Random(5);
    /** How often a batch is run; a GPU's first run is not counted, because it makes kernels and takes memory. */
    private int runs;

    /** This benchmark alone, for machines that have the engine and not the job. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new EngineBench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Dimensions dimensions = Dimensions.parse(dims);
        DeviceSpec deviceSpec = DeviceSpec.parse(device);
        DType type = DType.parse(dtype);
        runs = deviceSpec.kind() == DeviceSpec.Kind.CUDA ? 3 : 1;
        Path checkpoint =
                folder == null ? Path.of(System.getProperty("java.io.tmpdir"), "sparkvlm-random-" + dims) : folder;
        RandomCheckpoint.write(dimensions, checkpoint);
        // What is measured is computing, and not what was kept.
        CacheConfig nothingKept = new CacheConfig(16, OptionalLong.of(2L << 30), PrefixCaching.OFF, 0);
        double withoutCaches;
        long start = System.nanoTime();
        try (Engine engine = BatchingEngine.open(config(checkpoint, deviceSpec, type, nothingKept))) {
            out.printf(
                    "Qwen2-VL %s, %s, quantization %s on %s, %d threads%n",
                    dims, type.wireName(), quantization, deviceSpec, threads);
            out.printf("%-58s %8.1f s%n", "open the engine", seconds(start));
            run(
                    engine,
                    List.of(text(64, 2, dimensions))); // ends the engine's warm-up, which would share the processors
            MachineLimits limits = MachineLimits.measure(deviceSpec, type);
            out.printf("%-58s %8.2f TFLOP/s%n", "limit: matrix product", limits.matmulFlops() / 1e12);
            out.printf("%-58s %8.1f GB/s%n", "limit: memory read", limits.readBytes() / 1e9);
            out.flush();
            if (isMeasured(Part.DECODE)) {
                decode(engine, dimensions, type, limits, out, 1);
                decode(engine, dimensions, type, limits, out, 8);
                decode(engine, dimensions, type, limits, out, 32);
            }
            if (isMeasured(Part.PREFILL)) {
                prefill(engine, dimensions, limits, out);
            }
            if (isMeasured(Part.PICTURES)) {
                pictures(engine, dimensions, out, 2);
            }
            if (only != null) {
                return 0;
            }
            sampled(engine, dimensions, out, 8);
            if (deviceSpec.kind() == DeviceSpec.Kind.CUDA) {
                pictures(engine, dimensions, out, 16);
            }
            withoutCaches = once(engine, questions(dimensions, 8));
        }
        CacheConfig kept = new CacheConfig(16, OptionalLong.of(2L << 30), PrefixCaching.ON, 256L << 20);
        try (Engine engine = BatchingEngine.open(config(checkpoint, deviceSpec, type, kept))) {
            run(engine, List.of(text(64, 2, dimensions)));
            double withCaches = once(engine, questions(dimensions, 8));
            out.printf(
                    "%-58s %8.2f s without caches, %.2f s with them: %.2f times as fast%n",
                    "8 questions about one picture, 32 out", withoutCaches, withCaches, withoutCaches / withCaches);
        }
        return 0;
    }

    private boolean isMeasured(Part part) {
        return only == null || only == part;
    }

    private EngineConfig config(Path checkpoint, DeviceSpec deviceSpec, DType type, CacheConfig cache) {
        return new EngineConfig(
                checkpoint,
                DeviceMesh.of(deviceSpec),
                type,
                Quantization.parse(quantization),
                OptionalInt.of(8192),
                64,
                2048,
                cache,
                threads,
                Optional.ofNullable(profile));
    }

    /** Greedy and sampled in turns, so that both meet the same machine. */
    private void sampled(Engine engine, Dimensions dimensions, PrintWriter out, int sequences) {
        int tokens = 64;
        List<Double> greedy = new ArrayList<>();
        List<Double> drawn = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            greedy.add(once(engine, batch(sequences, () -> text(64, tokens, dimensions))));
            drawn.add(once(engine, batch(sequences, () -> sampled(text(64, tokens, dimensions)))));
        }
        double ratio = Collections.min(greedy) / Collections.min(drawn);
        out.printf("%-58s %8.2f of the greedy rate%n", "temperature 1, " + sequences + " at once", ratio);
        out.flush();
    }

    private GenerationTask sampled(GenerationTask greedy) {
        SamplingParams params = new SamplingParams(1, 1, 0, 0, 0, 0, 1, random.nextLong(), OptionalInt.empty());
        return new GenerationTask(greedy.prompt(), params, greedy.stop(), greedy.listener());
    }

    /** Tasks that begin with the same picture and ask something else each. */
    private List<GenerationTask> questions(Dimensions dimensions, int count) {
        GenerationTask first = image(dimensions);
        VisionInput picture = first.prompt().vision().get(0);
        int asked = picture.firstToken() + picture.tokens();
        return batch(count, () -> {
            int[] ids = first.prompt().tokenIds().clone();
            int[] question = tokens(ids.length - asked, dimensions);
            System.arraycopy(question, 0, ids, asked, question.length);
            return task(
                    new Prompt(ids, first.prompt().positions(), first.prompt().vision()), 32);
        });
    }

    private void prefill(Engine engine, Dimensions dimensions, MachineLimits limits, PrintWriter out) {
        int tokens = 2000;
        double seconds = run(engine, List.of(text(tokens, 1, dimensions)));
        double flops = 2.0
                * (dimensions.languageModelWeights() - (long) dimensions.vocabSize() * dimensions.hiddenSize())
                * tokens;
        out.printf(
                "%-58s %8.0f tokens/s  %5.1f %% of the matrix rate%n",
                "prefill, " + tokens + " text tokens", tokens / seconds, 100 * flops / seconds / limits.matmulFlops());
        out.flush();
    }

    private void decode(
            Engine engine, Dimensions dimensions, DType type, MachineLimits limits, PrintWriter out, int sequences) {
        int tokens = 128;
        double prefill = run(engine, batch(sequences, () -> text(64, 1, dimensions)));
        EngineCounters before = engine.counters();
        double seconds = run(engine, batch(sequences, () -> text(64, tokens, dimensions))) - prefill;
        long steps = (engine.counters().steps() - before.steps()) / runs;
        double stepSeconds = seconds / (tokens - 1);
        double bytes = weightBytes(dimensions, type);
        out.printf(
                "%-58s %8.1f tokens/s  %5.1f ms a step, %5.1f %% of the memory rate (%d steps)%n",
                "decode, " + sequences + " at once",
                sequences * (tokens - 1) / seconds,
                stepSeconds * 1e3,
                100 * bytes / stepSeconds / limits.readBytes(),
                steps);
        out.flush();
    }

    /** What a step reads of the language model, without scales. */
    private double weightBytes(Dimensions dimensions, DType type) {
        double head = (double) dimensions.vocabSize() * dimensions.hiddenSize();
        double layers = dimensions.languageModelWeights() - head;
        return switch (Quantization.parse(quantization)) {
            case NONE -> (layers + head) * type.bytes();
            case A16W8, A8W8 -> layers + head;
            case A16W4 -> layers / 2 + head;
        };
    }

    private void pictures(Engine engine, Dimensions dimensions, PrintWriter out, int requests) {
        double seconds = run(engine, batch(requests, () -> image(dimensions)));
        out.printf(
                "%-58s %8.2f s a request%n",
                requests + " requests: a picture of 980 x 980, 100 text tokens, 32 out", seconds / requests);
        out.flush();
    }

    /** The quickest of the runs that count; seconds. */
    private double run(Engine engine, List<GenerationTask> tasks) {
        double first = once(engine, tasks);
        return IntStream.range(1, runs)
                .mapToDouble(i -> once(engine, tasks))
                .min()
                .orElse(first);
    }

    /** Submits all at once and waits for all; seconds. */
    private static double once(Engine engine, List<GenerationTask> tasks) {
        long start = System.nanoTime();
        List<CompletableFuture<Outcome<Generation>>> futures =
                tasks.stream().map(engine::submit).toList();
        for (CompletableFuture<Outcome<Generation>> future : futures) {
            future.join().fold(generation -> generation, rejection -> {
                throw new IllegalStateException(rejection.message());
            });
        }
        return seconds(start);
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static List<GenerationTask> batch(int tasks, Supplier<GenerationTask> maker) {
        List<GenerationTask> batch = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            batch.add(maker.get());
        }
        return batch;
    }

    private GenerationTask text(int promptTokens, int newTokens, Dimensions dimensions) {
        int[] axis = new int[promptTokens];
        for (int i = 0; i < promptTokens; i++) {
            axis[i] = i;
        }
        MropePositions positions = new MropePositions(axis, axis, axis, promptTokens);
        return task(new Prompt(tokens(promptTokens, dimensions), positions, List.of()), newTokens);
    }

    private GenerationTask image(Dimensions dimensions) {
        PatchGrid grid = new PatchGrid(1, 70, 70, PatchGeometry.QWEN2_VL);
        byte[] patches = new byte[(int) grid.patchBytes()];
        random.nextBytes(patches);
        int before = 20;
        int tokens = 100 + grid.tokens();
        int[] temporal = new int[tokens];
        int[] height = new int[tokens];
        int[] width = new int[tokens];
        int side = grid.tokenColumns();
        for (int i = 0; i < tokens; i++) {
            int vision = i - before;
            boolean inside = vision >= 0 && vision < grid.tokens();
            int text = i < before ? i : before + side + i - before - grid.tokens();
            temporal[i] = inside ? before : text;
            height[i] = inside ? before + vision / side : text;
            width[i] = inside ? before + vision % side : text;
        }
        MropePositions positions = new MropePositions(temporal, height, width, tokens - grid.tokens() + side);
        VisionInput vision = new VisionInput(patches, grid, before, "random " + random.nextLong());
        return task(new Prompt(tokens(tokens, dimensions), positions, List.of(vision)), 32);
    }

    private int[] tokens(int count, Dimensions dimensions) {
        return random.ints(count, 10, dimensions.vocabSize()).toArray();
    }

    private static GenerationTask task(Prompt prompt, int newTokens) {
        return new GenerationTask(
                prompt, SamplingParams.GREEDY, new StopRules(newTokens, 0, Set.of()), TokenListener.NONE);
    }
}
