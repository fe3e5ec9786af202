package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkvlm.engine.nn.RotaryAngles;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.RankSplit;
import io.sparkvlm.engine.weights.WeightShapes;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.InstructionSets;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.attention.AttentionOperator;
import io.sparkvlm.torch.decoder.KernelDecoder;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.InstructionSet;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All layers in one call give, bit by bit, what they give operator by operator. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.sparkvlm.torch.InstructionSets#each")
class KernelDecoderTest {
    private static final int BLOCKS = 200;
    private static final int BLOCK_SIZE_TOKENS = 4;

    KernelDecoderTest(InstructionSet set) {
        InstructionSets.use(set);
    }

    @BeforeEach
    void areThere() {
        assumeTrue(LinearKernels.areFastest(), "operators are libtorch's on this machine");
    }

    @ParameterizedTest
    @CsvSource({"4, 2, 32, NONE", "3, 1, 48, NONE", "2, 2, 64, A16W8", "4, 2, 32, A16W4", "8, 2, 64, A8W8"})
    void givesWhatTheOperatorsGive(int queries, int keyValues, int size, Quantization quantization) throws IOException {
        ModelConfig config = SmallModel.withHeads(queries, keyValues, size);
        RankSplit split = new RankSplit(config.text(), 0, 1);
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(DeviceSpec.CPU, DType.BFLOAT16);
                KvCache byKernels = cache(config, factory);
                KvCache byOperators = cache(config, factory)) {
            WeightLoader weights = new WeightLoader(
                            new RandomWeights(), WeightShapes.of(config).ofRank(split), factory, resident)
                    .rounding(quantization);
            List<DecoderLayer> layers = new ArrayList<>();
            for (int layer = 0; layer < config.text().layers(); layer++) {
                layers.add(new DecoderLayer("model.layers." + layer, split, Collectives.ALONE, weights));
            }
            KernelDecoder kernels = KernelDecoder.of(
                            layers.stream().map(DecoderLayer::operators).toList(),
                            queries,
                            keyValues,
                            size,
                            config.text().rmsNormEpsilon(),
                            resident)
                    .orElseThrow();
            for (List<Segment> segments : steps()) {
                StepInput step = step(segments);
                Tensor hidden = factory.empty(step.rows(), config.hiddenSize()).normal_();
                Tensor same = hidden.clone();
                RotaryAngles angles = angles(step, size, factory);
                Tensor wanted = factory.indices(wanted(segments));
                Tensor last = kernels.apply(
                        hidden,
                        angles.cosines(),
                        angles.sines(),
                        factory.indices(byKernels.slots(step)),
                        step.sequences(),
                        wanted,
                        byKernels.addresses(0));
                AttentionPlan plan = new AttentionPlan(step, byOperators, factory, AttentionOperator.on(factory));
                for (int layer = 0; layer < layers.size(); layer++) {
                    layers.get(layer).addTo(same, angles, plan, byOperators.layer(0, layer));
                }
                assertThat(last.isfinite().all().item_bool()).isTrue();
                assertThat(last.equal(same.index_select(0, wanted)))
                        .as("%s rows", step.rows())
                        .isTrue();
                for (int layer = 0; layer < layers.size(); layer++) {
                    assertThat(byKernels
                                    .layer(0, layer)
                                    .keys()
                                    .equal(byOperators.layer(0, layer).keys()))
                            .isTrue();
                    assertThat(byKernels
                                    .layer(0, layer)
                                    .values()
                                    .equal(byOperators.layer(0, layer).values()))
                            .isTrue();
                }
            }
        }
    }

    private static int[] wanted(List<Segment> segments) {
        return segments.stream()
                .filter(Segment::wantsLogits)
                .mapToInt(Segment::lastRow)
                .toArray();
    }

    /**
     * A prompt of more rows than a part has beside a short one, then one token each, then one more and a chunk, then a chunk of
     * which no row is wanted.
     */
    private static List<List<Segment>> steps() {
        int[] first = IntStream.range(0, 160).map(block -> 160 - block).toArray();
        int[] second = IntStream.range(161, 180).toArray();
        return List.of(
                List.of(new Segment(0, 600, 0, first, true), new Segment(600, 7, 0, second, true)),
                List.of(new Segment(0, 1, 600, first, true), new Segment(1, 1, 7, second, true)),
                List.of(new Segment(0, 1, 601, first, true), new Segment(1, 30, 8, second, false)),
                List.of(new Segment(0, 20, 38, second, false)));
    }

    private static StepInput step(List<Segment> segments) {
        int rows = segments.stream().mapToInt(Segment::rows).sum();
        int[] positions = segments.stream()
                .flatMapToInt(segment -> IntStream.range(segment.context(), segment.length()))
                .toArray();
        return new StepInput(new int[rows], positions, positions, positions, segments, List.of());
    }

    private static RotaryAngles angles(StepInput step, int size, TensorFactory factory) {
        float[] inverse = RotaryAngles.inverseFrequencies(1e4, size);
        float[] positions = new float[step.rows() * inverse.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = step.temporal()[i / inverse.length];
        }
        return RotaryAngles.of(factory.floats(positions).view(step.rows(), inverse.length), factory.floats(inverse));
    }

    private static KvCache cache(ModelConfig config, TensorFactory factory) {
        KvCache cache =
                new KvCache(config.text().layers(), config.text().heads(), BLOCKS, BLOCK_SIZE_TOKENS, List.of(factory));
        cache.clear(IntStream.range(0, BLOCKS).boxed().toList());
        return cache;
    }
}
