package io.sparkvlm.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.engine.safetensors.WeightPart;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.engine.weights.TextConfig.Mrope;
import io.sparkvlm.torch.quantization.Packing;
import io.sparkvlm.torch.quantization.Packing.Layout;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shapes of the published models' parts, which take no weights. */
class RankSplitTest {
    /** Dimensions of the models' config.json. */
    private static ModelConfig published(String size) {
        return switch (size) {
            case "2B" -> model(151936, 1536, 8960, 28, 12, 2, OutputHead.TIED_TO_EMBEDDINGS);
            case "7B" -> model(152064, 3584, 18944, 28, 28, 4, OutputHead.SEPARATE);
            case "72B" -> model(152064, 8192, 29568, 80, 64, 8, OutputHead.SEPARATE);
            default -> throw new IllegalArgumentException(size);
        };
    }

    private static ModelConfig model(
            int vocabulary, int hidden, int inner, int layers, int queries, int keyValues, OutputHead head) {
        TextConfig text = new TextConfig(
                vocabulary,
                hidden,
                inner,
                layers,
                new AttentionHeads(queries, keyValues, 128),
                new Mrope(1e6, 16, 24, 24),
                1e-6,
                32768);
        return new ModelConfig(text, new VisionConfig(32, 1280, 16, 5120, hidden, 1e4, PatchGeometry.QWEN2_VL), head);
    }

    /** The numbers of parameters are those of the published files. */
    @ParameterizedTest
    @CsvSource({"2B, 2208985600", "7B, 8291375616", "72B, 73405560320"})
    void aModelThatIsNotSplitIsWhole(String size, long parameters) {
        ModelConfig config = published(size);
        WeightShapes whole = WeightShapes.of(config);
        assertThat(whole.all().values().stream()
                        .mapToLong(RankSplitTest::elements)
                        .sum())
                .isEqualTo(parameters);
        assertThat(whole.ofRank(RankSplit.none(config.text())).all()).isEqualTo(whole.all());
    }

    @ParameterizedTest
    @CsvSource({"2B, 2", "2B, 4", "7B, 2", "7B, 4", "72B, 2", "72B, 4", "72B, 8", "72B, 16", "72B, 64"})
    void theRanksPartsFollowEachOtherAndMakeTheWhole(String size, int ranks) {
        ModelConfig config = published(size);
        WeightShapes.of(config).all().forEach((name, shape) -> {
            long next = 0;
            for (int rank = 0; rank < ranks; rank++) {
                WeightPart part =
                        new RankSplit(config.text(), rank, ranks).part(name).orElse(new WeightPart(0, 0, shape.get(0)));
                if (isWholeInEachRank(name)) {
                    assertThat(part.of(shape)).as(name).isEqualTo(shape);
                } else if (name.contains(".k_proj") || name.contains(".v_proj")) {
                    // The head that this rank's first query head reads.
                    int group = config.text().heads().group();
                    int firstQuery = rank * config.text().heads().queries() / ranks;
                    assertThat(part.from()).as(name).isEqualTo(128L * (firstQuery / group));
                } else {
                    assertThat(part.from()).as(name).isEqualTo(next);
                    next += part.count();
                    assertThat(next).isLessThanOrEqualTo(shape.get(part.dimension()));
                    boolean isLast = rank == ranks - 1;
                    assertThat(next == shape.get(part.dimension())).as(name).isEqualTo(isLast);
                }
            }
        });
    }

    private static boolean isWholeInEachRank(String name) {
        return name.startsWith("visual.") || name.contains("norm");
    }

    @ParameterizedTest
    @CsvSource({
        "2B, 3, num_key_value_heads",
        "2B, 8, num_attention_heads",
        "7B, 8, num_attention_heads",
        "7B, 7, num_key_value_heads",
        "2B, 6, intermediate_size",
        "72B, 3, num_attention_heads"
    })
    void whatDoesNotDivideIsNamed(String size, int ranks, String dimension) {
        TextConfig text = published(size).text();
        assertThatThrownBy(() -> new RankSplit(text, 0, ranks))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tensor-parallel-size " + ranks)
                .hasMessageContaining(dimension);
    }

    @ParameterizedTest
    @CsvSource({"2B, 4, 4", "7B, 4, 4", "72B, 4, 16", "72B, 8, 32"})
    void mostRanksThatCutNoIntegerOfCodes(String size, int bits, int most) {
        TextConfig text = published(size).text();
        for (Layout layout : Layout.values()) {
            Packing packing = new Packing(layout, bits, OptionalInt.of(128));
            new RankSplit(text, 0, most).requireHolds(packing);
            if (size.equals("72B")) { // the others cannot be divided by more
                assertThatThrownBy(() -> new RankSplit(text, 0, 2 * most).requireHolds(packing))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("(intermediate_size)");
            }
        }
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, (a, b) -> a * b);
    }
}
