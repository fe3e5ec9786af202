package io.sparkvlm.bench;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TorchThreads;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.linear.LinearOperator;
import io.sparkvlm.torch.quantization.Quantization;
import io.sparkvlm.torch.quantization.QuantizedLinear;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Products with rounded weights of Qwen2-VL-2B's shapes, beside those in bfloat16 and libtorch's own of both, in turns. */
@Command(
        name = "linears",
        description = "Products with rounded weights, with bfloat16, and libtorch's of both, in turns.")
final class LinearBench implements Callable<Integer> {
    private static final int RUNS = 4;
    private static final long[][] SHAPES = {{17920, 1536}, {1536, 8960}, {2048, 1536}, {1536, 1536}};
    private static final int[] ROWS = {1, 8, 32, 512};

    /** Weights of a shape, many times over, so that no cache holds them from one run to the next. */
    private static final long WEIGHTS = 150_000_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--threads", defaultValue = "2", description = "Threads of an operator. Default: ${DEFAULT-VALUE}")
    private int threads;

    @Mixin
    private InstructionRuns runs;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (!runs.isOne()) {
            return runs.each(List.of("linears", "--threads=" + threads));
        }
        TorchThreads.use(threads);
        DeviceSpec cpu = DeviceSpec.parse("cpu");
        MachineLimits limits = MachineLimits.measure(cpu, runs.limitsType());
        out.printf(
                "limit: matrix product in %s %.2f TFLOP/s, memory read %.1f GB/s%n",
                runs.limitsType().wireName(), limits.matmulFlops() / 1e12, limits.readBytes() / 1e9);
        out.println("Billions of weights a second; times bfloat16");
        try (TensorFactory factory = new TensorFactory(cpu, DType.BFLOAT16)) {
            for (long[] shape : SHAPES) {
                compare(shape[0], shape[1], factory, out);
            }
        }
        return 0;
    }

    private void compare(long outputs, long inputs, TensorFactory factory, PrintWriter out) {
        int copies = (int) Math.max(1, WEIGHTS / (outputs * inputs));
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors()) {
            Map<String, List<LinearOperator>> ways = new LinkedHashMap<>();
            for (Quantization kind : Quantization.values()) {
                ways.put(kind.wireName(), copies(copies, outputs, inputs, kind, factory, resident));
            }
            ways.put("libtorch's bfloat16", libtorch(copies, outputs, inputs, resident));
            ways.put("libtorch's 8 bits", libtorch8(copies, outputs, inputs, resident));
            for (int rows : ROWS) {
                Tensor input = torch.randn(rows, inputs).to(ScalarType.BFloat16);
                double[] seconds = inTurns(new ArrayList<>(ways.values()), input);
                StringBuilder line = new StringBuilder("%5d x %5d, %3d rows".formatted(outputs, inputs, rows));
                int way = 0;
                for (String name : ways.keySet()) {
                    double rate = (double) copies * outputs * inputs / seconds[way] / 1e9;
                    line.append("  %s %.2f (%.2f)".formatted(name, rate, seconds[0] / seconds[way]));
                    way++;
                }
                out.println(line);
                out.flush();
            }
        }
    }

    private static List<LinearOperator> copies(
            int copies, long outputs, long inputs, Quantization kind, TensorFactory factory, ResidentTensors resident) {
        List<LinearOperator> operators = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            try (TensorScope scope = new TensorScope()) {
                Tensor weight = factory.empty(outputs, inputs).normal_();
                operators.add(QuantizedLinear.of(weight, new TensorOptional(), kind, factory, resident));
            }
        }
        return operators;
    }

    private static List<LinearOperator> libtorch(int copies, long outputs, long inputs, ResidentTensors resident) {
        List<LinearOperator> operators = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            try (TensorScope scope = new TensorScope()) {
                Tensor weight = resident.keep(torch.randn(outputs, inputs).to(ScalarType.BFloat16));
                operators.add(input -> torch.linear(input, weight, new TensorOptional()));
            }
        }
        return operators;
    }

    /** aten::_weight_int8pack_mm, which has no Java name. */
    private static List<LinearOperator> libtorch8(int copies, long outputs, long inputs, ResidentTensors resident) {
        OperatorHandle operator =
                resident.keep(Dispatcher.singleton().findSchemaOrThrow("aten::_weight_int8pack_mm", ""));
        List<LinearOperator> operators = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            try (TensorScope scope = new TensorScope()) {
                Tensor codes = resident.keep(
                        torch.randn(outputs, inputs).mul_(new Scalar(40.0)).to(ScalarType.Char));
                Tensor scales = resident.keep(torch.ones(outputs).to(ScalarType.BFloat16));
                operators.add(input -> {
                    IValueVector stack = new IValueVector();
                    stack.push_back(new IValue(input));
                    stack.push_back(new IValue(codes));
                    stack.push_back(new IValue(scales));
                    operator.callBoxed(stack);
                    return new Tensor(stack.get(0).toTensor());
                });
            }
        }
        return operators;
    }

    /** Seconds of each way's copies in their quickest run, after one that is not counted. */
    private static double[] inTurns(List<List<LinearOperator>> ways, Tensor input) {
        double[] best = new double[ways.size()];
        Arrays.fill(best, Double.MAX_VALUE);
        int runs = input.size(0) > 32 ? 1 : RUNS;
        for (int run = 0; run <= runs; run++) {
            for (int way = 0; way < best.length; way++) {
                long start = System.nanoTime();
                for (LinearOperator operator : ways.get(way)) {
                    try (TensorScope scope = new TensorScope()) {
                        operator.apply(input);
                    }
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                best[way] = run == 0 ? best[way] : Math.min(best[way], seconds);
            }
        }
        return best;
    }
}
