package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.TestGpu;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Decode steps as graphs, on a GPU or on what stands in for one, against the language model written down plainly in double
 * precision.
 */
@Tag("device")
class GpuDecoderTest {
    /** Of the largest logit: weights and activations are rounded to 8 bits. */
    private static final double ROUNDING = 0.05;

    private static final int BLOCK_SIZE_TOKENS = 4;
    private static final int BLOCKS = 500;

    private static TestGpu gpu;

    @BeforeAll
    static void openGpu() throws IOException {
        Optional<TestGpu> found = TestGpu.ifPossible(TestDevice.chosen());
        assumeTrue(found.isPresent(), "kernels for GPUs were not run on the CPU: there is no g++");
        gpu = found.get();
    }

    /** Tokens with their positions, the logits after each, the blocks they go to, and how many are computed. */
    private static final class Known {
        private final int[] ids;
        private final int[][] positions = new int[3][];
        private final double[][] logits;
        private final int[] blocks;
        private int computed;

        Known(PlainDecoder plain, Random random, int length, int firstBlock) {
            ids = random.ints(length, 0, SmallModel.VOCABULARY).toArray();
            Arrays.setAll(positions, axis -> random.ints(length, 0, 700).toArray());
            logits = plain.logits(ids, positions);
            int count = (length + BLOCK_SIZE_TOKENS - 1) / BLOCK_SIZE_TOKENS;
            blocks = IntStream.range(0, count)
                    .map(block -> firstBlock + count - 1 - block)
                    .toArray();
        }
    }

    @ParameterizedTest(name = "{0} query heads, {1} key-value heads of {2}")
    @CsvSource({"4, 2, 32", "3, 1, 40", "2, 2, 64"})
    void graphsGiveWhatTheModelGives(int queries, int keyValues, int size) throws IOException {
        ModelConfig config = SmallModel.withHeads(queries, keyValues, size);
        RandomWeights weights = new RandomWeights();
        int before = gpu.recordedGraphs();
        try (Qwen2Vl model = model(config, weights)) {
            // nine, of which one gets a second part of keys on the way, and one has three
            List<Known> sequences = sequences(config, weights, 9, 9, 20, 515, 1031, 12, 7, 31, 8);
            try (KvCache cache = ClearedCache.of(model, BLOCKS, BLOCK_SIZE_TOKENS)) {
                for (Known sequence : sequences) {
                    compute(model, cache, sequence, sequence.ids.length - 6);
                }
                decode(model, cache, sequences);
                decode(model, cache, sequences); // the same graph, as all below of the same size
                decode(model, cache, sequences.subList(0, 3));
                decode(model, cache, sequences);
                decode(model, cache, sequences.subList(5, 8));
                decode(model, cache, sequences.subList(2, 5)); // three, one of which has more parts
                decode(model, cache, sequences);
                assertThat(gpu.recordedGraphs() - before).isEqualTo(3);
            }
        }
    }

    @Test
    void rowsThatAreNobodysTouchNoBlock() throws IOException {
        ModelConfig config = SmallModel.withHeads(4, 2, 32);
        RandomWeights weights = new RandomWeights();
        try (TensorScope scope = new TensorScope();
                Qwen2Vl model = model(config, weights);
                KvCache cache = ClearedCache.of(model, BLOCKS, BLOCK_SIZE_TOKENS)) {
            List<Known> sequences = sequences(config, weights, 1, 1, 1, 1, 1, 1, 1, 1, 1);
            Tensor before = cache.layer(0, 1).values().clone();
            decode(model, cache, sequences);
            Tensor changed = cache.layer(0, 1).values().ne(before).any(2).nonzero(); // [slots, (head, slot)]
            assertThat(Arrays.stream(HostTensors.toLongs(changed.select(1, 1)))
                            .distinct()
                            .sorted())
                    .containsExactly(0L, 4L, 8L, 12L, 16L, 20L, 24L, 28L, 32L);
        }
    }

    @Test
    void anotherCacheHasGraphsOfItsOwn() throws IOException {
        ModelConfig config = SmallModel.withHeads(2, 1, 32);
        RandomWeights weights = new RandomWeights();
        int before = gpu.recordedGraphs();
        try (Qwen2Vl model = model(config, weights)) {
            try (KvCache first = ClearedCache.of(model, BLOCKS, BLOCK_SIZE_TOKENS);
                    KvCache second = ClearedCache.of(model, BLOCKS, BLOCK_SIZE_TOKENS)) {
                for (KvCache cache : List.of(first, second)) {
                    List<Known> sequences = sequences(config, weights, 3, 5);
                    decode(model, cache, sequences);
                    decode(model, cache, sequences);
                    decode(model, cache, sequences);
                }
            }
            assertThat(gpu.recordedGraphs() - before).isEqualTo(2);
        }
    }

    @Test
    void operatorsTakeThePlaceOfGraphsThatTheGpuRefuses() throws IOException {
        ModelConfig config = SmallModel.withHeads(2, 1, 32);
        RandomWeights weights = new RandomWeights();
        int before = gpu.recordedGraphs();
        gpu.refuse(true);
        try (Qwen2Vl model = model(config, weights);
                KvCache cache = ClearedCache.of(model, BLOCKS, BLOCK_SIZE_TOKENS)) {
            List<Known> sequences = sequences(config, weights, 3, 5);
            decode(model, cache, sequences);
            gpu.refuse(false);
            decode(model, cache, sequences);
            assertThat(gpu.recordedGraphs()).isEqualTo(before);
        } finally {
            gpu.refuse(false);
        }
    }

    private Qwen2Vl model(ModelConfig config, RandomWeights weights) throws IOException {
        return Qwen2Vl.load(config, SmallModel.NORMALIZATION, weights, gpu.factory(), Quantization.NONE);
    }

    private static List<Known> sequences(ModelConfig config, RandomWeights weights, int... lengths) {
        Random random = new Random(7);
        PlainDecoder plain = new PlainDecoder(config.text(), weights);
        List<Known> sequences = new ArrayList<>();
        int firstBlock = 0;
        for (int length : lengths) {
            sequences.add(new Known(plain, random, length, firstBlock));
            firstBlock += sequences.get(sequences.size() - 1).blocks.length;
        }
        return sequences;
    }

    /** Computes the beginning of one, as a prompt is. */
    private static void compute(Qwen2Vl model, KvCache cache, Known sequence, int tokens) {
        Segment segment = new Segment(0, tokens, 0, sequence.blocks, false);
        StepInput step = new StepInput(
                Arrays.copyOf(sequence.ids, tokens),
                Arrays.copyOf(sequence.positions[0], tokens),
                Arrays.copyOf(sequence.positions[1], tokens),
                Arrays.copyOf(sequence.positions[2], tokens),
                List.of(segment),
                List.of());
        model.forward(step, cache).close();
        sequence.computed = tokens;
    }

    /** Computes the next token of each in one step, and compares the logits. */
    private static void decode(Qwen2Vl model, KvCache cache, List<Known> sequences) {
        int count = sequences.size();
        List<Segment> segments = IntStream.range(0, count)
                .mapToObj(i -> new Segment(i, 1, sequences.get(i).computed, sequences.get(i).blocks, true))
                .toList();
        StepInput step = new StepInput(
                sequences.stream().mapToInt(known -> known.ids[known.computed]).toArray(),
                sequences.stream()
                        .mapToInt(known -> known.positions[0][known.computed])
                        .toArray(),
                sequences.stream()
                        .mapToInt(known -> known.positions[1][known.computed])
                        .toArray(),
                sequences.stream()
                        .mapToInt(known -> known.positions[2][known.computed])
                        .toArray(),
                segments,
                List.of());
        try (TensorScope scope = new TensorScope()) {
            Tensor logits = scope.adopt(model.forward(step, cache));
            assertThat(logits.size(0)).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                Known known = sequences.get(i);
                double[] expected = known.logits[known.computed];
                float[] rounded = new float[expected.length];
                IntStream.range(0, expected.length).forEach(token -> rounded[token] = (float) expected[token]);
                Deviation.assertWithin(
                        ROUNDING,
                        HostTensors.toFloats(logits.select(0, i)),
                        rounded,
                        "sequence " + i + " after " + known.computed + " tokens");
                known.computed++;
            }
        }
    }
}
