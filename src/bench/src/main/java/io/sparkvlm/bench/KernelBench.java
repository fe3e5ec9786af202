package io.sparkvlm.bench;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TorchThreads;
import io.sparkvlm.torch.attention.AttentionOperator;
import io.sparkvlm.torch.attention.PagedAttention;
import io.sparkvlm.torch.attention.PagedHeads;
import io.sparkvlm.torch.attention.PagedSequence;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.AttentionKernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Attention in bfloat16 on the CPU by each of its ways, in turns. */
@Command(
        name = "kernels",
        description = "Attention on the CPU by kernels, by libtorch's products and by its fused operator, in turns.")
final class KernelBench implements Callable<Integer> {
    private static final int RUNS = 3;
    private static final int BLOCK_TOKENS = 16;

    /** Of more, libtorch's fused operator takes minutes, as it is packed for Java. */
    private static final int FEW = 1200;

    @Spec
    private CommandSpec spec;

    @Option(names = "--threads", defaultValue = "2", description = "Threads of an operator. Default: ${DEFAULT-VALUE}")
    private int threads;

    @Mixin
    private InstructionRuns runs;

    private TensorFactory factory;
    private AttentionOperator kernels;
    private AttentionOperator products;
    private MachineLimits limits;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (!runs.isOne()) {
            return runs.each(List.of("kernels", "--threads=" + threads));
        }
        TorchThreads.use(threads);
        if (!AttentionKernels.attendInBfloat16()) {
            out.println("This machine has no kernels.");
            return 1;
        }
        DeviceSpec cpu = DeviceSpec.parse("cpu");
        limits = MachineLimits.measure(cpu, runs.limitsType());
        out.printf(
                "limit: matrix product in %s %.2f TFLOP/s, memory read %.1f GB/s%n",
                runs.limitsType().wireName(), limits.matmulFlops() / 1e12, limits.readBytes() / 1e9);
        try (TensorFactory made = new TensorFactory(cpu, DType.BFLOAT16)) {
            factory = made;
            kernels = AttentionOperator.on(made);
            products = AttentionOperator.byProducts(made);
            vision(out, 16, 80, 4900);
            vision(out, 16, 80, 1196);
            vision(out, 8, 40, 4900);
            prefill(out, 2, 6, 128, 1325, 0);
            prefill(out, 2, 6, 128, 512, 1536);
            prefill(out, 2, 4, 64, 1325, 0);
            decode(out, 2, 6, 128, 8, 192);
            decode(out, 2, 6, 128, 8, 2000);
            decode(out, 2, 6, 128, 32, 2000);
            decode(out, 2, 4, 64, 8, 128);
        }
        return 0;
    }

    private void vision(PrintWriter out, int heads, int size, int patches) {
        try (TensorScope scope = new TensorScope()) {
            Tensor queries = random(patches, heads, size);
            Tensor keys = random(patches, heads, size);
            Tensor values = random(patches, heads, size);
            Tensor attended = factory.empty(patches, heads, size);
            int[] one = {patches};
            Runnable[] ways = {
                () -> kernels.packed(queries, keys, values, one, attended),
                () -> products.packed(queries, keys, values, one, attended),
                () -> fused(queries.transpose(0, 1), keys.transpose(0, 1), values.transpose(0, 1), false)
            };
            double[] seconds = inTurns(patches > FEW ? Arrays.copyOf(ways, 2) : ways);
            print(
                    out,
                    "vision, %d heads of %d, %d patches".formatted(heads, size, patches),
                    seconds,
                    4.0 * heads * size * patches * patches,
                    0);
        }
    }

    private void prefill(PrintWriter out, int keyValueHeads, int group, int size, int rows, int context) {
        try (TensorScope scope = new TensorScope()) {
            int heads = keyValueHeads * group;
            Cache cache = new Cache(keyValueHeads, size, 1, context + rows);
            Tensor queries = random(rows, heads, size);
            Tensor attended = factory.empty(rows, heads, size);
            PagedAttention paged = kernels.paged(
                            cache.sequences(rows), new PagedHeads(heads, keyValueHeads, size, BLOCK_TOKENS))
                    .orElseThrow();
            Tensor keys = cache.keys.narrow(1, 0, context + rows);
            Tensor values = cache.values.narrow(1, 0, context + rows);
            Tensor grouped = queries.transpose(0, 1).unflatten(0, keyValueHeads, group);
            Tensor groupedAttended = attended.transpose(0, 1).unflatten(0, keyValueHeads, group);
            Tensor allKeys = keys.repeat_interleave(group, new LongOptional(0), new LongOptional());
            Tensor allValues = values.repeat_interleave(group, new LongOptional(0), new LongOptional());
            Runnable[] ways = {
                () -> paged.attend(queries, cache.keys, cache.values, attended),
                () -> products.causal(grouped, keys, values, groupedAttended),
                () -> fused(queries.transpose(0, 1), allKeys, allValues, true)
            };
            // With a context libtorch's fused operator would want a mask, and take another way.
            double[] seconds = inTurns(context == 0 ? ways : Arrays.copyOf(ways, 2));
            double seen = rows * (context + (rows + 1) / 2.0);
            print(
                    out,
                    "prefill, %d + %d tokens, %d heads of %d".formatted(context, rows, heads, size),
                    seconds,
                    4 * seen * heads * size,
                    0);
        }
    }

    private void decode(PrintWriter out, int keyValueHeads, int group, int size, int sequences, int context) {
        try (TensorScope scope = new TensorScope()) {
            int heads = keyValueHeads * group;
            Cache cache = new Cache(keyValueHeads, size, sequences, context);
            Tensor queries = random(sequences, heads, size);
            Tensor attended = factory.empty(sequences, heads, size);
            PagedAttention paged = kernels.paged(
                            cache.sequences(1), new PagedHeads(heads, keyValueHeads, size, BLOCK_TOKENS))
                    .orElseThrow();
            Tensor mask = factory.zeros(sequences * (long) keyValueHeads, 1, context);
            Tensor blocks = factory.indices(cache.blocks);
            double[] seconds = inTurns(
                    () -> paged.attend(queries, cache.keys, cache.values, attended),
                    () -> products.masked(
                            queries.view(sequences * (long) keyValueHeads, group, size),
                            cache.gathered(cache.keys, blocks),
                            cache.gathered(cache.values, blocks),
                            mask));
            double bytes = 2.0 * 2 * keyValueHeads * size * sequences * context;
            print(
                    out,
                    "decode, %d at once, %d tokens, %d heads of %d".formatted(sequences, context, heads, size),
                    seconds,
                    0,
                    bytes);
        }
    }

    /** Keys and values of sequences in blocks whose order is not that of memory. */
    private final class Cache {
        private final Tensor keys; // [key-value heads, slots, head size]
        private final Tensor values;
        private final int[] blocks;
        private final int sequences;
        private final int tokens;

        Cache(int heads, int size, int sequences, int tokens) {
            this.sequences = sequences;
            this.tokens = tokens;
            int each = (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
            this.blocks = IntStream.range(0, each * sequences)
                    .map(i -> i % sequences * each + i / sequences)
                    .toArray();
            this.keys = random(heads, blocks.length * (long) BLOCK_TOKENS, size);
            this.values = random(heads, blocks.length * (long) BLOCK_TOKENS, size);
        }

        List<PagedSequence> sequences(int rows) {
            int each = blocks.length / sequences;
            return IntStream.range(0, sequences)
                    .mapToObj(i -> new PagedSequence(
                            i * rows, rows, tokens - rows, Arrays.copyOfRange(blocks, i * each, (i + 1) * each)))
                    .toList();
        }

        /** [sequences x heads, tokens, head size] */
        Tensor gathered(Tensor cached, Tensor indices) {
            long heads = cached.size(0);
            long size = cached.size(2);
            return cached.view(heads, -1, BLOCK_TOKENS * size)
                    .index_select(1, indices)
                    .view(heads * sequences, -1, size)
                    .narrow(1, 0, tokens);
        }
    }

    private Tensor random(long... shape) {
        return torch.randn(shape).to(DType.BFLOAT16.scalarType());
    }

    private static void fused(Tensor queries, Tensor keys, Tensor values, boolean causal) {
        torch.scaled_dot_product_attention(
                queries.unsqueeze(0),
                keys.unsqueeze(0),
                values.unsqueeze(0),
                new TensorOptional(),
                0,
                causal,
                new DoubleOptional(),
                false);
    }

    /** Seconds of each in its quickest run, after one that is not counted; of the third, which takes seconds, in one run. */
    private double[] inTurns(Runnable... ways) {
        double[] best = new double[ways.length];
        Arrays.fill(best, Double.MAX_VALUE);
        // Without products of bfloat16 a run of libtorch's takes many seconds.
        int most = runs.limitsType() == DType.BFLOAT16 ? RUNS : 1;
        for (int run = 0; run <= most; run++) {
            for (int way = 0; way < (run == 1 ? ways.length : Math.min(2, ways.length)); way++) {
                try (TensorScope scope = new TensorScope()) {
                    long start = System.nanoTime();
                    ways[way].run();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    best[way] = run == 0 ? best[way] : Math.min(best[way], seconds);
                }
            }
        }
        return best;
    }

    private void print(PrintWriter out, String what, double[] seconds, double flops, double bytes) {
        out.printf("%-46s", what);
        for (double each : seconds) {
            out.printf("  %9.3f ms", each * 1e3);
        }
        if (flops > 0) {
            out.printf(
                    "  %.2f TFLOP/s, %.0f %% of the limit",
                    flops / seconds[0] / 1e12, 100 * flops / seconds[0] / limits.matmulFlops());
        } else {
            out.printf(
                    "  %.1f GB/s, %.0f %% of the limit",
                    bytes / seconds[0] / 1e9, 100 * bytes / seconds[0] / limits.readBytes());
        }
        out.printf("; %.2f times libtorch's products", seconds[1] / seconds[0]);
        if (seconds.length > 2) {
            out.printf(", %.2f times its fused operator", seconds[2] / seconds[0]);
        }
        out.println();
        out.flush();
    }
}
