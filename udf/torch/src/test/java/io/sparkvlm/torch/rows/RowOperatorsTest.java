package io.sparkvlm.torch.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.InstructionSets;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.TestGpu;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.InstructionSet;
import io.sparkvlm.torch.natives.RowKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The kernels, those for GPUs on a GPU or on what stands in for one, against libtorch's operators over the same numbers in
 * float32: they round once, to bfloat16.
 */
@Tag("device")
class RowOperatorsTest {
    private static final double ROUNDING = 1 / 256.0; // of bfloat16, half a unit in the last place
    private static final LibtorchRows LIBTORCH = new LibtorchRows();
    private static TensorFactory factory;
    private static List<RowOperators> kernels;
    private static Optional<TestGpu> gpu;

    @BeforeAll
    static void openDevice() throws Exception {
        DeviceSpec device = TestDevice.chosen();
        factory = new TensorFactory(device, DType.BFLOAT16);
        kernels = new ArrayList<>();
        if (device.kind() == DeviceSpec.Kind.CPU && RowKernels.areThere()) {
            kernels.add(new KernelRows(factory, LIBTORCH));
        }
        gpu = TestGpu.ifPossible(device);
        gpu.ifPresent(found -> kernels.add(new GpuRows(factory, LIBTORCH, found)));
        assumeTrue(!kernels.isEmpty(), "this processor has no AVX2, and there is no g++");
    }

    @AfterAll
    static void closeDevice() {
        factory.close();
    }

    @Test
    void normalizesAsLibtorch() {
        for (int width : new int[] {16, 48, 1536, 33}) { // 33 is left to libtorch
            withKernels((factory, kernels) -> {
                Tensor weight = factory.empty(width).normal_();
                return hold(
                        factory.empty(70, width).normal_(),
                        input -> kernels.normalized(input, weight, 1e-6),
                        input -> LIBTORCH.normalized(input, wide(weight), 1e-6));
            });
        }
    }

    /** Loops of several callers, who share the threads or find them taken. */
    @Test
    void doesEveryItemOnceForCallersAtOnce() throws Exception {
        assumeTrue(RowKernels.areThere());
        ExecutorService callers = Executors.newFixedThreadPool(5);
        try {
            List<Callable<Boolean>> calls = IntStream.range(0, 5)
                    .<Callable<Boolean>>mapToObj(caller -> () -> normalizesManyTimes(caller + 1))
                    .toList();
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private static boolean normalizesManyTimes(int threads) {
        int width = 512;
        boolean equal = true;
        for (int i = 0; i < 300; i++) {
            try (TensorScope scope = new TensorScope()) {
                TensorFactory factory = new TensorFactory(DeviceSpec.parse("cpu"), DType.BFLOAT16);
                int rows = 65 + i;
                Tensor input = factory.empty(rows, width).normal_();
                Tensor weight = factory.empty(width).normal_();
                Tensor alone = normalized(input, weight, 1);
                equal &= normalized(input, weight, threads).equal(alone);
            }
        }
        return equal;
    }

    private static Tensor normalized(Tensor input, Tensor weight, int threads) {
        Tensor output = torch.zeros_like(input);
        RowKernels.normalize(
                input.data_ptr().address(),
                weight.data_ptr().address(),
                output.data_ptr().address(),
                input.size(0),
                input.size(1),
                1e-6f,
                threads);
        return output;
    }

    @Test
    void turnsOnlyTheHeadsThatItIsGivenAsLibtorch() {
        for (int size : new int[] {2, 40, 80, 128}) {
            withKernels((factory, kernels) -> {
                Tensor angles =
                        factory.floats(new float[70 * size / 2]).normal_().view(70, 1, size / 2);
                Tensor whole = factory.empty(70, 5, size).normal_();
                Tensor untouched = whole.narrow(1, 4, 1).clone();
                Tensor expected = wide(whole).narrow(1, 1, 3).clone();
                LIBTORCH.turn(expected, angles.cos(), angles.sin());
                kernels.turn(whole.narrow(1, 1, 3), angles.cos(), angles.sin());
                assertThat(whole.narrow(1, 4, 1).equal(untouched)).isTrue();
                return assertClose(whole.narrow(1, 1, 3), expected);
            });
        }
    }

    @Test
    void storesRowsInTheirSlotsAsLibtorch() {
        withKernels((factory, kernels) -> {
            Tensor whole = factory.empty(3, 5, 8).normal_();
            Tensor slots = factory.indices(new int[] {6, 0, 9});
            Tensor stored = factory.zeros(2, 10, 8);
            Tensor expected = factory.zeros(2, 10, 8);
            kernels.store(whole.narrow(1, 2, 2), slots, stored);
            LIBTORCH.store(whole.narrow(1, 2, 2), slots, expected);
            assertThat(stored.equal(expected)).isTrue();
            return stored;
        });
    }

    @Test
    void turnsAndStoresAsLibtorch() {
        for (int size : new int[] {2, 40, 128}) {
            withKernels((factory, kernels) -> {
                Tensor angles =
                        factory.floats(new float[3 * size / 2]).normal_().view(3, 1, size / 2);
                Tensor heads = factory.empty(3, 5 + 2 * 2, size).normal_();
                Tensor slots = factory.indices(new int[] {6, 0, 9});
                Tensor expected = wide(heads);
                Tensor[] cached = {factory.zeros(2, 10, size), factory.zeros(2, 10, size)};
                Tensor[] expectedCached = {wide(cached[0]), wide(cached[1])};
                LIBTORCH.turnAndStore(
                        expected, angles.cos(), angles.sin(), slots, expectedCached[0], expectedCached[1]);
                kernels.turnAndStore(heads, angles.cos(), angles.sin(), slots, cached[0], cached[1]);
                assertClose(cached[0], expectedCached[0]);
                assertThat(wide(cached[1]).equal(expectedCached[1])).isTrue();
                return assertClose(heads.narrow(1, 0, 5), expected.narrow(1, 0, 5));
            });
        }
    }

    @Test
    void addsABiasBeforeItTurnsAndLeavesRowsThatAreNobodys() {
        assumeTrue(gpu.isPresent());
        try (TensorScope scope = new TensorScope()) {
            int size = 16;
            Tensor angles = factory.floats(new float[3 * size / 2]).normal_().view(3, 1, size / 2);
            Tensor heads = factory.empty(3, 2 + 1 + 1, size).normal_();
            Tensor bias = factory.empty(4, size).normal_();
            Tensor untouched = heads.select(0, 1).clone();
            Tensor keys = factory.zeros(1, 10, size);
            Tensor values = factory.zeros(1, 10, size);
            Tensor somebodys = factory.indices(new int[] {0, 2});
            Tensor expected = wide(heads).add(wide(bias)).index_select(0, somebodys);
            Tensor expectedKeys = wide(keys);
            Tensor expectedValues = wide(values);
            Tensor turning = angles.index_select(0, somebodys);
            LIBTORCH.turnAndStore(
                    expected,
                    turning.cos(),
                    turning.sin(),
                    factory.indices(new int[] {6, 9}),
                    expectedKeys,
                    expectedValues);

            GpuRowKernels.of(gpu.get())
                    .orElseThrow()
                    .turnAndStore(
                            3,
                            heads,
                            HostTensors.address(bias),
                            1,
                            new GpuRowKernels.Angles(angles.cos(), angles.sin(), factory.indices(new int[] {6, -1, 9})),
                            HostTensors.address(keys),
                            HostTensors.address(values),
                            keys.stride(0));

            assertClose(keys, expectedKeys);
            assertClose(values, expectedValues);
            assertClose(heads.narrow(1, 0, 2).index_select(0, somebodys), expected.narrow(1, 0, 2));
            assertThat(heads.select(0, 1).equal(untouched)).isTrue();
        }
    }

    @Test
    void gatesAsLibtorch() {
        withKernels((factory, kernels) ->
                hold(factory.empty(70, 2 * 56).normal_().mul_(new Scalar(8.0)), kernels::gated, LIBTORCH::gated));
    }

    @Test
    void quickGeluIsThatOfLibtorch() {
        withKernels((factory, kernels) -> hold(
                factory.empty(70, 56).normal_().mul_(new Scalar(20.0)),
                input -> {
                    kernels.quickGelu(input);
                    return input;
                },
                input -> {
                    LIBTORCH.quickGelu(input);
                    return input;
                }));
    }

    /** NaN must come out where it went in, and infinities must not become numbers of their own. */
    @Test
    void whatIsNoNumberStaysNone() {
        withKernels((factory, kernels) -> {
            Tensor input = factory.values(new float[] {Float.NaN, Float.POSITIVE_INFINITY, 200, -200, 0, 0, 0, 0});
            kernels.quickGelu(input);
            float[] values = HostTensors.toFloats(input);
            assertThat(values[3]).isBetween(-1e-30f, 0f);
            values[3] = 0;
            assertThat(values).containsExactly(Float.NaN, Float.POSITIVE_INFINITY, 200, 0, 0, 0, 0, 0);
            return input;
        });
    }

    @Test
    void aRowIsTheSameAloneAndAmongOthers() {
        withKernels((factory, kernels) -> {
            Tensor weight = factory.empty(512).normal_();
            Tensor rows = factory.empty(300, 512).normal_(); // enough for several threads
            Tensor normalized = kernels.normalized(rows, weight, 1e-6);
            Tensor gated = kernels.gated(rows);
            for (int row : new int[] {0, 7, 299}) {
                Tensor alone = rows.narrow(0, row, 1);
                assertThat(kernels.normalized(alone, weight, 1e-6).equal(normalized.narrow(0, row, 1)))
                        .isTrue();
                assertThat(kernels.gated(alone).equal(gated.narrow(0, row, 1))).isTrue();
            }
            return gated;
        });
    }

    /** What is computed from a copy of the input, and what from the same numbers in float32. */
    private static Tensor hold(Tensor input, UnaryOperator<Tensor> kernel, UnaryOperator<Tensor> libtorch) {
        Tensor expected = libtorch.apply(wide(input));
        return assertClose(kernel.apply(input.clone()), expected);
    }

    private static void withKernels(BiFunction<TensorFactory, RowOperators, Tensor> test) {
        for (RowOperators operators : kernels) {
            boolean byInstructions = operators instanceof KernelRows;
            for (InstructionSet set : byInstructions ? InstructionSets.each() : List.of(InstructionSet.inUse())) {
                InstructionSets.use(set);
                try (TensorScope scope = new TensorScope()) {
                    assertThat(test.apply(factory, operators).numel())
                            .as("of %s, %s", operators, set)
                            .isPositive();
                }
            }
        }
    }

    private static Tensor wide(Tensor tensor) {
        return tensor.to(ScalarType.Float);
    }

    private static Tensor assertClose(Tensor actual, Tensor expected) {
        Tensor distance = wide(actual).sub(expected).abs_();
        Tensor allowed = expected.abs().mul_(new Scalar(ROUNDING)).add_(new Scalar(1e-6));
        assertThat(torch.all(distance.le(allowed)).item_bool()).isTrue();
        return actual;
    }
}
