package io.sparkvlm.torch.attention;

import static io.sparkvlm.torch.attention.AttentionByDefinition.assertAsDefined;
import static io.sparkvlm.torch.attention.AttentionByDefinition.assertClose;
import static io.sparkvlm.torch.attention.AttentionByDefinition.define;
import static io.sparkvlm.torch.attention.AttentionByDefinition.normal;
import static io.sparkvlm.torch.attention.AttentionByDefinition.nothing;
import static io.sparkvlm.torch.attention.AttentionByDefinition.shuffled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.InstructionSets;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.AttentionKernels;
import io.sparkvlm.torch.natives.InstructionSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels against attention as its definition says, in double precision, and against libtorch's operators. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.sparkvlm.torch.InstructionSets#each")
class KernelAttentionTest {
    private static TensorFactory factory;

    KernelAttentionTest(InstructionSet set) {
        InstructionSets.use(set);
    }

    @BeforeAll
    static void openFactory() {
        assumeTrue(AttentionKernels.attendInBfloat16(), "this processor has no kernels");
        factory = new TensorFactory(DeviceSpec.parse("cpu"), DType.BFLOAT16);
    }

    @AfterAll
    static void closeFactory() {
        if (factory != null) {
            factory.close();
        }
    }

    @ParameterizedTest(name = "{0} heads of {1}, sequences of {2}")
    @CsvSource({
        "1, 2, 1",
        "3, 34, '5 0 1 16 17'",
        "2, 40, '31 32 33'",
        "16, 80, '64 64'",
        "2, 80, '130'",
        "1, 98, '7 8 9 127'",
        "2, 128, '129 1 128'",
        "1, 256, '40 300'",
        "3, 33, '20'", // odd: libtorch's
        "1, 264, '20'" // larger than the kernel takes
    })
    void packedSequencesSeeTheirOwnKeys(int heads, int size, String lengths) {
        int[] rows = numbers(lengths, " ");
        int total = Arrays.stream(rows).sum();
        Random random = new Random(size);
        try (TensorScope scope = new TensorScope()) {
            // As a projection leaves them: a row's query, key and value heads side by side, from an odd address on.
            Tensor projected = normal(factory, random, 1 + total * 3 * heads * size)
                    .narrow(0, 1, (long) total * 3 * heads * size)
                    .view(total, 3L * heads, size);
            Tensor queries = projected.narrow(1, 0, heads);
            Tensor keys = projected
                    .narrow(1, heads, heads)
                    .transpose(0, 1)
                    .contiguous()
                    .transpose(0, 1);
            Tensor values = projected.narrow(1, 2L * heads, heads);
            Tensor attended = nothing(factory, total, heads, size);
            Tensor twin = nothing(factory, total, heads, size);

            new KernelAttention(factory).packed(queries, keys, values, rows, attended);
            new PartedAttention(factory, PartedAttention.SCORES_IN_CACHE).packed(queries, keys, values, rows, twin);

            double[] expected = new double[total * heads * size];
            int first = 0;
            for (int length : rows) {
                int start = first;
                define(queries, keys, values, expected, start, length, 1, key -> start + key, row -> length);
                first += length;
            }
            assertClose(attended, expected);
            assertClose(twin, expected);
        }
    }

    @ParameterizedTest(name = "{0} x {1} heads of {2}, blocks of {3}, sequences of context+rows {4}")
    @CsvSource({
        "1, 1, 32, 16, '0+1'",
        "2, 6, 128, 16, '0+40 37+1 200+1 15+17 129+3'",
        "2, 4, 64, 16, '64+1 65+1 66+1 127+1 128+1'",
        "1, 7, 80, 1, '0+9 30+1'",
        "3, 1, 34, 7, '0+33 6+32 2+31'",
        "1, 20, 64, 5, '50+1'",
        "2, 5, 48, 3, '250+6'",
        "4, 7, 128, 32, '0+130 511+2'",
        "1, 6, 128, 16, '1023+1 1024+1 2500+1'", // parts of 1,024 keys
        "1, 20, 96, 4, '2047+1 1500+1'"
    })
    void pagedSequencesSeeTheKeysUpToTheirOwn(int heads, int group, int size, int blockSizeTokens, String sequences) {
        PagedHeads of = new PagedHeads(heads * group, heads, size, blockSizeTokens);
        assertAsDefined(factory, of, sequences, parts -> new KernelAttention(factory)
                .paged(parts, of)
                .orElseThrow());
    }

    /** A sequence's numbers must not depend on who else is in the step, nor on how its prompt is cut. */
    @Test
    void chunksAndNeighboursChangeNoBit() {
        Random random = new Random(3);
        int rows = 300;
        PagedHeads heads = new PagedHeads(12, 2, 128, 16);
        PagedSequence whole = new PagedSequence(0, rows, 0, shuffled(20, random));
        try (TensorScope scope = new TensorScope()) {
            Tensor queries = normal(factory, random, rows * 12 * 128).view(rows, 12, 128);
            Tensor keys =
                    normal(factory, random, 2 * 320 * 128).view(2, 320, 128).mul_(new Scalar(3.0));
            Tensor values = normal(factory, random, 2 * 320 * 128).view(2, 320, 128);
            KernelAttention kernel = new KernelAttention(factory);
            Tensor atOnce = nothing(factory, rows, 12, 128);
            kernel.paged(List.of(whole), heads).orElseThrow().attend(queries, keys, values, atOnce);
            List<PagedSequence> chunks = new ArrayList<>();
            for (int first = 0; first < rows; ) {
                int count = Math.min(rows - first, 2 + random.nextInt(60));
                chunks.add(new PagedSequence(first, count, first, whole.blocks()));
                first += count;
            }
            Tensor inChunks = nothing(factory, rows, 12, 128);
            kernel.paged(chunks, heads).orElseThrow().attend(queries, keys, values, inChunks);

            assertThat(HostTensors.toFloats(inChunks)).isEqualTo(HostTensors.toFloats(atOnce));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-20, 1, 300, 1e15})
    void sharesAreRightWhateverTheSizeOfScores(double scale) {
        Random random = new Random(7);
        try (TensorScope scope = new TensorScope()) {
            Tensor queries =
                    normal(factory, random, 70 * 2 * 64).view(70, 2, 64).mul_(new Scalar(scale));
            // Growing from key to key: each is larger than all before it.
            Tensor growing = factory.values(growing(70)).view(70, 1, 1);
            Tensor keys = normal(factory, random, 70 * 2 * 64).view(70, 2, 64).mul_(growing);
            Tensor values = normal(factory, random, 70 * 2 * 64).view(70, 2, 64);
            Tensor attended = nothing(factory, 70, 2, 64);

            new KernelAttention(factory).packed(queries, keys, values, new int[] {70}, attended);

            double[] expected = new double[70 * 2 * 64];
            define(queries, keys, values, expected, 0, 70, 1, key -> key, row -> 70);
            assertClose(attended, expected);
        }
    }

    @Test
    void notANumberStaysWithItsQuery() {
        Random random = new Random(9);
        try (TensorScope scope = new TensorScope()) {
            Tensor queries = normal(factory, random, 40 * 64).view(40, 1, 64);
            Tensor keys = normal(factory, random, 40 * 64).view(40, 1, 64);
            queries.narrow(0, 11, 1).fill_(new Scalar(Double.NaN));
            Tensor attended = nothing(factory, 40, 1, 64);

            new KernelAttention(factory).packed(queries, keys, keys, new int[] {40}, attended);

            float[] result = HostTensors.toFloats(attended);
            for (int i = 0; i < result.length; i++) {
                assertThat(Float.isNaN(result[i])).as("value %d", i).isEqualTo(i / 64 == 11);
            }
        }
    }

    private static float[] growing(int count) {
        float[] factors = new float[count];
        for (int i = 0; i < count; i++) {
            factors[i] = 1 + i / 10f;
        }
        return factors;
    }

    private static int[] numbers(String text, String between) {
        return Pattern.compile(between)
                .splitAsStream(text)
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
