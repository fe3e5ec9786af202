package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TorchThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages, chunks and batches must not change what a sequence alone, computed plainly and at once, would give. */
@Tag("device")
class PagedAttentionTest {
    @BeforeAll
    static void useOneThread() {
        TorchThreads.use(1);
    }

    /** A sequence, the logits after each of its tokens, and how much of it is known to the model so far. */
    private record Expectation(int[] ids, int[][] positions, float[][] logits) {}

    @ParameterizedTest(name = "{0} query heads, {1} key-value heads of {2}, blocks of {3}")
    @CsvSource({
        "1, 1, 32, 16",
        "4, 4, 32, 1",
        "6, 2, 48, 3",
        "2, 1, 64, 16",
        "3, 1, 80, 5",
        "4, 2, 96, 8",
        "7, 1, 32, 4",
        "8, 1, 64, 32",
        "2, 2, 128, 7",
        "6, 1, 128, 16"
    })
    void anyMixOfChunksAndBatchesGivesWhatASequenceAloneGives(int queries, int keyValues, int size, int blockSizeTokens)
            throws IOException {
        ModelConfig config = SmallModel.withHeads(queries, keyValues, size);
        RandomWeights weights = new RandomWeights();
        try (Qwen2Vl model = SmallModel.of(config, weights, DType.FLOAT32)) {
            PlainDecoder plain = new PlainDecoder(config.text(), weights);
            Random random = new Random(31L * size + queries);
            List<Expectation> expectations = new ArrayList<>();
            for (int sequence = 0; sequence < 6; sequence++) {
                expectations.add(expectation(plain, random, 1 + random.nextInt(45)));
            }
            int compared = 0;
            for (int repeat = 0; repeat < 3; repeat++) {
                compared += compareInRandomSteps(model, expectations, blockSizeTokens, random);
            }
            assertThat(compared).isGreaterThan(30);
        }
    }

    @Test
    void whatAnEarlierSequenceLeftInABlockIsNotSeen() throws IOException {
        RandomWeights weights = new RandomWeights();
        ModelConfig config = SmallModel.withHeads(2, 1, 32);
        try (Qwen2Vl model = SmallModel.of(config, weights, DType.FLOAT32);
                KvCache cache = ClearedCache.of(model, 2, 8)) {
            Random random = new Random(5);
            Expectation earlier = expectation(new PlainDecoder(config.text(), weights), random, 16);
            Expectation later = expectation(new PlainDecoder(config.text(), weights), random, 11);
            assertLastLogits(model, cache, earlier, 0, 1);
            assertLastLogits(model, cache, later, 0, 1);
            assertLastLogits(model, cache, earlier, 1, 0);
        }
    }

    @Test
    void notANumberInATakenBlockIsNotSeen() throws IOException {
        RandomWeights weights = new RandomWeights();
        ModelConfig config = SmallModel.withHeads(2, 1, 32);
        try (TensorScope scope = new TensorScope();
                Qwen2Vl model = SmallModel.of(config, weights, DType.FLOAT32);
                KvCache cache = ClearedCache.of(model, 2, 8)) {
            for (int layer = 0; layer < config.text().layers(); layer++) {
                cache.layer(0, layer).keys().fill_(new Scalar(Float.NaN));
                cache.layer(0, layer).values().fill_(new Scalar(Float.NaN));
            }
            cache.clear(List.of(0, 1));
            Expectation expectation = expectation(new PlainDecoder(config.text(), weights), new Random(5), 11);

            assertLastLogits(model, cache, expectation, 0, 1);
        }
    }

    @Test
    void refusesABlockTableThatIsTooShortOrLeavesTheCache() throws IOException {
        try (Qwen2Vl model = SmallModel.of(SmallModel.withHeads(2, 1, 32), new RandomWeights(), DType.FLOAT32);
                KvCache cache = ClearedCache.of(model, 2, 4)) {
            int[] five = new int[5];
            assertThatThrownBy(() -> model.forward(step(five, new Segment(0, 5, 0, new int[] {1}, true)), cache))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected 2 blocks of 4 tokens");
            assertThatThrownBy(() -> model.forward(step(five, new Segment(0, 5, 0, new int[] {1, 2}, true)), cache))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected blocks below 2");
        }
    }

    @Test
    void returnsLogitsOnlyOfSegmentsThatWantThem() throws IOException {
        try (TensorScope scope = new TensorScope();
                Qwen2Vl model = SmallModel.of(SmallModel.withHeads(2, 1, 32), new RandomWeights(), DType.FLOAT32);
                KvCache cache = ClearedCache.of(model, 2, 4)) {
            Tensor none =
                    scope.adopt(model.forward(step(new int[3], new Segment(0, 3, 0, new int[] {1}, false)), cache));
            assertThat(none.size(0)).isZero();
            assertThat(none.size(1)).isEqualTo(SmallModel.VOCABULARY);
        }
    }

    @Test
    void aBlockTakesKeysAndValuesOfAllLayers() throws IOException {
        try (Qwen2Vl model = SmallModel.of(SmallModel.withHeads(4, 2, 32), new RandomWeights(), DType.BFLOAT16)) {
            // 2 (keys and values) x 2 layers x 16 tokens x 2 heads x 32 x 2 bytes
            assertThat(model.cacheBytesPerBlock(16)).isEqualTo(2 * 2 * 16 * 2 * 32 * 2);
        }
    }

    private static StepInput step(int[] ids, Segment segment) {
        return new StepInput(ids, ids, ids, ids, List.of(segment), List.of());
    }

    /** Computes all sequences in steps of random composition; every logit that comes out is compared. */
    private static int compareInRandomSteps(
            Qwen2Vl model, List<Expectation> expectations, int blockSizeTokens, Random random) {
        List<Integer> free = new ArrayList<>(
                IntStream.range(0, 6 * (45 / blockSizeTokens + 1)).boxed().toList());
        Collections.shuffle(free, random);
        int[] computed = new int[expectations.size()];
        int[][] tables = new int[expectations.size()][];
        for (int i = 0; i < tables.length; i++) {
            int blocks = (expectations.get(i).ids().length + blockSizeTokens - 1) / blockSizeTokens;
            tables[i] =
                    free.subList(0, blocks).stream().mapToInt(Integer::intValue).toArray();
            free.subList(0, blocks).clear();
        }
        int compared = 0;
        try (KvCache cache = ClearedCache.of(model, 6 * (45 / blockSizeTokens + 1), blockSizeTokens)) {
            while (IntStream.range(0, computed.length)
                    .anyMatch(i -> computed[i] < expectations.get(i).ids().length)) {
                compared += computeSome(model, cache, expectations, tables, computed, random);
            }
        }
        return compared;
    }

    private static int computeSome(
            Qwen2Vl model,
            KvCache cache,
            List<Expectation> expectations,
            int[][] tables,
            int[] computed,
            Random random) {
        List<Integer> members = new ArrayList<>();
        List<Segment> segments = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        List<List<Integer>> positions = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < computed.length; i++) {
            Expectation expectation = expectations.get(i);
            int left = expectation.ids().length - computed[i];
            if (left == 0 || random.nextInt(4) == 0) {
                continue;
            }
            int rows = random.nextBoolean() ? 1 : 1 + random.nextInt(left);
            segments.add(new Segment(ids.size(), rows, computed[i], tables[i], true));
            members.add(i);
            for (int row = computed[i]; row < computed[i] + rows; row++) {
                ids.add(expectation.ids()[row]);
                for (int axis = 0; axis < 3; axis++) {
                    positions.get(axis).add(expectation.positions()[axis][row]);
                }
            }
            computed[i] += rows;
        }
        if (members.isEmpty()) {
            return 0;
        }
        StepInput step = new StepInput(
                array(ids),
                array(positions.get(0)),
                array(positions.get(1)),
                array(positions.get(2)),
                segments,
                List.of());
        try (TensorScope scope = new TensorScope()) {
            Tensor logits = scope.adopt(model.forward(step, cache));
            for (int row = 0; row < members.size(); row++) {
                int member = members.get(row);
                Deviation.assertWithin(
                        1e-4,
                        HostTensors.toFloats(logits.select(0, row)),
                        expectations.get(member).logits()[computed[member] - 1],
                        "sequence " + member + " after " + computed[member] + " tokens");
            }
        }
        return members.size();
    }

    private static void assertLastLogits(Qwen2Vl model, KvCache cache, Expectation expectation, int... table) {
        int length = expectation.ids().length;
        StepInput step = new StepInput(
                expectation.ids(),
                expectation.positions()[0],
                expectation.positions()[1],
                expectation.positions()[2],
                List.of(new Segment(0, length, 0, table, true)),
                List.of());
        try (TensorScope scope = new TensorScope()) {
            float[] logits = HostTensors.toFloats(scope.adopt(model.forward(step, cache)));
            Deviation.assertWithin(1e-4, logits, expectation.logits()[length - 1], "logits");
        }
    }

    private static Expectation expectation(PlainDecoder plain, Random random, int length) {
        int[] ids = random.ints(length, 0, SmallModel.VOCABULARY).toArray();
        int[][] positions = new int[3][];
        Arrays.setAll(positions, axis -> random.ints(length, 0, 60).toArray());
        double[][] exact = plain.logits(ids, positions);
        float[][] logits = new float[length][SmallModel.VOCABULARY];
        for (int row = 0; row < length; row++) {
            for (int i = 0; i < SmallModel.VOCABULARY; i++) {
                logits[row][i] = (float) exact[row][i];
            }
        }
        return new Expectation(ids, positions, logits);
    }

    private static int[] array(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
