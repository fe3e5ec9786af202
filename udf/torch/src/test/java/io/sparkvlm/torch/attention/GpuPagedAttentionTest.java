package io.sparkvlm.torch.attention;

import static io.sparkvlm.torch.attention.AttentionByDefinition.assertAsDefined;
import static io.sparkvlm.torch.attention.AttentionByDefinition.normal;
import static io.sparkvlm.torch.attention.AttentionByDefinition.nothing;
import static io.sparkvlm.torch.attention.AttentionByDefinition.shuffled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.TestGpu;
import io.sparkvlm.torch.gpu.GpuPrograms;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels, on a GPU or on what stands in for one, against attention as its definition says. */
@Tag("device")
class GpuPagedAttentionTest {
    private static TensorFactory factory;
    private static GpuPrograms programs;

    @BeforeAll
    static void openDevice() throws Exception {
        factory = new TensorFactory(TestDevice.chosen(), DType.BFLOAT16);
        Optional<TestGpu> gpu = TestGpu.ifPossible(TestDevice.chosen());
        assumeTrue(gpu.isPresent(), "kernels for GPUs were not run on the CPU: there is no g++");
        programs = gpu.get();
    }

    @AfterAll
    static void closeDevice() {
        factory.close();
    }

    @ParameterizedTest(name = "{0} x {1} heads of {2}, blocks of {3}, sequences of context+rows {4}")
    @CsvSource({
        "1, 1, 32, 16, '0+1'",
        "2, 6, 128, 16, '37+1 0+1 200+1 15+1 16+1'",
        "1, 7, 80, 1, '30+1'",
        "3, 2, 8, 7, '6+1 31+1'",
        "1, 4, 248, 5, '50+1'",
        "2, 5, 48, 3, '255+1'",
        "1, 8, 128, 16, '511+1 512+1 1100+1'", // parts of 512 keys
        "2, 3, 96, 4, '1030+1 4+1'",
        "2, 2, 64, 16, '600+1 20+1 1300+1 511+1 1024+1'" // each with parts of its own
    })
    void sequencesSeeTheKeysUpToTheirOwn(int heads, int group, int size, int blockSizeTokens, String sequences) {
        PagedHeads of = new PagedHeads(heads * group, heads, size, blockSizeTokens);
        assertAsDefined(factory, of, sequences, parts -> GpuPagedAttention.of(programs, factory, parts, of)
                .orElseThrow());
    }

    @Test
    void neighboursChangeNoBit() {
        Random random = new Random(3);
        PagedHeads heads = new PagedHeads(12, 2, 128, 16);
        int[] blocks = shuffled(80, random);
        PagedSequence longer = new PagedSequence(0, 1, 700, blocks);
        PagedSequence shorter = new PagedSequence(1, 1, 300, blocks);
        try (TensorScope scope = new TensorScope()) {
            Tensor queries = normal(factory, random, 2 * 12 * 128).view(2, 12, 128);
            Tensor keys = normal(factory, random, 2 * 1280 * 128).view(2, 1280, 128);
            Tensor values = normal(factory, random, 2 * 1280 * 128).view(2, 1280, 128);
            Tensor together = nothing(factory, 2, 12, 128);
            attention(List.of(longer, shorter), heads).attend(queries, keys, values, together);
            Tensor alone = nothing(factory, 2, 12, 128);
            for (PagedSequence sequence : List.of(longer, shorter)) {
                attention(List.of(sequence), heads).attend(queries, keys, values, alone);
            }

            assertThat(HostTensors.toFloats(alone)).isEqualTo(HostTensors.toFloats(together));
        }
    }

    @Test
    void leavesToOthersWhatItDoesNotTake() {
        PagedSequence one = new PagedSequence(0, 1, 8, new int[] {0});
        PagedSequence more = new PagedSequence(1, 2, 8, new int[] {1});
        PagedHeads taken = new PagedHeads(4, 2, 64, 16);
        assertThat(GpuPagedAttention.of(programs, factory, List.of(one, more), taken))
                .isEmpty();
        for (PagedHeads heads :
                List.of(new PagedHeads(4, 2, 36, 16), new PagedHeads(4, 2, 264, 16), new PagedHeads(32, 1, 128, 16))) {
            assertThat(GpuPagedAttention.of(programs, factory, List.of(one), heads))
                    .isEmpty();
        }
    }

    private static PagedAttention attention(List<PagedSequence> sequences, PagedHeads heads) {
        return GpuPagedAttention.of(programs, factory, sequences, heads).orElseThrow();
    }
}
