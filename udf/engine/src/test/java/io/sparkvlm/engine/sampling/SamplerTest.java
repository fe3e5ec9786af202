package io.sparkvlm.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.GeneratedToken.Logprobs;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("device")
class SamplerTest {
    private static final int DRAWS = 10_000;
    // Chi-square quantiles at 1 - 1e-6, for as many degrees of freedom as there are kept tokens, less one.
    private static final double[] CHI_SQUARE_LIMIT = {Double.NaN, 23.93, 27.63, 30.66, 33.38, 35.89, 38.26, 40.52};
    private static final float[] LOGITS = {1.5f, -0.5f, 2.5f, 0.25f, 1.5f, -3f, 0f, 1f};

    private final Sampler sampler = new Sampler();

    @Test
    void greedyTakesTheLikeliest() {
        assertThat(one(LOGITS, SamplingParams.GREEDY, new int[0]).id()).isEqualTo(2);
    }

    @Test
    void temperatureShapesTheDistribution() {
        assertDrawnFrom(softmax(LOGITS, 1), params(1, 1, 0, 0));
        assertDrawnFrom(softmax(LOGITS, 0.5), params(0.5, 1, 0, 0));
        assertDrawnFrom(softmax(LOGITS, 2), params(2, 1, 0, 0));
    }

    @Test
    void topKKeepsTheLikeliestAndRenormalises() {
        assertDrawnFrom(kept(softmax(LOGITS, 1), 2, 0, 4), params(1, 1, 3, 0));
        assertThat(draw(params(1, 1, 1, 0), 100)).containsOnly(2);
    }

    @Test
    void topPKeepsTheSmallestNucleus() {
        // 2: 0.46, 0 and 4: 0.17 each, 7: 0.10, 3: 0.05, 6: 0.04 …: 0.75 is reached with three.
        assertDrawnFrom(kept(softmax(LOGITS, 1), 2, 0, 4), params(1, 0.75, 0, 0));
        assertThat(draw(params(1, 0.3, 0, 0), 100)).containsOnly(2);
        assertThat(draw(params(1, 0, 0, 0), 100)).containsOnly(2);
    }

    @Test
    void topPIsAShareOfWhatTopKLeft() {
        // Of the three that top_k leaves, the likeliest two hold 0.79: 0.7 needs no third.
        assertDrawnFrom(kept(softmax(LOGITS, 1), 2, 0), params(1, 0.7, 3, 0));
    }

    @Test
    void minPIsAShareOfTheLikeliest() {
        // 0.2 of 0.46 is 0.09: 2, 0, 4 and 7 stay.
        assertDrawnFrom(kept(softmax(LOGITS, 1), 2, 0, 4, 7), params(1, 1, 0, 0.2));
    }

    @Test
    void truncationReachesBeyondTheLikeliestThatComeToTheHost() {
        float[] flat = new float[1000];
        int[] counts = new int[1000];
        for (int id : drawFrom(flat, params(1, 0.9, 0, 0), DRAWS)) {
            counts[id]++;
        }
        int reached = (int) Arrays.stream(counts).filter(count -> count > 0).count();
        // 900 equally likely tokens, 11 draws each: all but about e^-11 of them are met.
        assertThat(reached).isBetween(890, 900);
        double[] expected = new double[1000];
        for (int i = 0; i < 1000; i++) {
            expected[i] = counts[i] > 0 ? 1.0 / 900 : 0;
        }
        assertThat(chiSquare(counts, expected)).isLessThan(1_120); // 899 degrees of freedom, 1 - 1e-6
    }

    @Test
    void tokensAtTheEndsOfALargeVocabularysRunsAreDrawnAsOftenAsOthers() {
        int[] ids = {0, 1023, 1024, 1500, 2047, 2048, 2300, 2499};
        float[] logits = new float[2500];
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < ids.length; i++) {
            logits[ids[i]] = LOGITS[i];
        }
        int[] counts = new int[ids.length];
        for (int id : drawFrom(logits, params(1, 1, 0, 0), DRAWS)) {
            assertThat(ids).contains(id);
            counts[Arrays.binarySearch(ids, id)]++;
        }
        assertThat(chiSquare(counts, softmax(LOGITS, 1))).isLessThan(CHI_SQUARE_LIMIT[ids.length - 1]);
    }

    @Test
    void aRowsTokenIsTheSameAloneAndInAnyBatch() {
        Random random = new Random(3);
        List<float[]> logits = new ArrayList<>();
        List<SamplingRow> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            float[] row = new float[500];
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) random.nextGaussian();
            }
            logits.add(row);
            SamplingParams params = new SamplingParams(
                    i % 4 == 0 ? 0 : 0.7 + 0.1 * (i % 5),
                    i % 3 == 0 ? 0.9 : 1,
                    i % 5 == 0 ? 40 : 0,
                    i % 7 == 0 ? 0.05 : 0,
                    0.5,
                    0,
                    1.1,
                    i,
                    OptionalInt.empty());
            TokenHistory history = new TokenHistory(new int[] {i, i + 1});
            history.add(i + 2);
            rows.add(new SamplingRow(params, history, Optional.empty(), Set.of(i + 3)));
        }

        List<Integer> batched = choose(logits, rows);

        for (int i = 0; i < rows.size(); i++) {
            assertThat(choose(List.of(logits.get(i)), List.of(rows.get(i)))).containsExactly(batched.get(i));
        }
    }

    @Test
    void theSameSeedAndIndexDrawTheSameToken() {
        assertThat(draw(params(1, 1, 0, 0), 50)).isEqualTo(draw(params(1, 1, 0, 0), 50));
    }

    @Test
    void frequencyAndPresencePenaltiesCountGeneratedTokensAlone() {
        SamplingParams params = new SamplingParams(0, 1, 0, 0, 0.4, 0.3, 1, 0, OptionalInt.empty());
        TokenHistory history = new TokenHistory(new int[] {0, 0, 0});
        history.add(2);
        history.add(2);

        // 2.5 - 2 x 0.4 - 0.3 = 1.4, below the 1.5 of token 0, which only stood in the prompt
        assertThat(one(LOGITS, new SamplingRow(params, history, Optional.empty(), Set.of()))
                        .id())
                .isZero();
    }

    @Test
    void repetitionPenaltyDividesPositiveAndMultipliesNegativeLogits() {
        SamplingParams params = new SamplingParams(0, 1, 0, 0, 0, 0, 2, 0, OptionalInt.empty());
        TokenHistory history = new TokenHistory(new int[] {1});
        history.add(0);

        // 3 / 2 = 1.5 and -1 x 2 = -2 against 1.6 and -1.9
        assertThat(one(new float[] {3, -1, 1.6f, -1.9f}, new SamplingRow(params, history, Optional.empty(), Set.of()))
                        .id())
                .isEqualTo(2);
        assertThat(one(new float[] {-9, -1, -9, -1.9f}, new SamplingRow(params, history, Optional.empty(), Set.of()))
                        .id())
                .isEqualTo(3);
    }

    @Test
    void aBannedTokenIsNeverChosen() {
        SamplingRow row =
                new SamplingRow(SamplingParams.GREEDY, new TokenHistory(new int[0]), Optional.empty(), Set.of(2, 0));

        assertThat(one(LOGITS, row).id()).isEqualTo(4);
    }

    @Test
    void logprobsAreTheModelsOwnBeforeTemperatureAndPenalties() {
        SamplingParams params = new SamplingParams(0, 1, 0, 0, 2, 2, 1, 0, OptionalInt.of(3));
        TokenHistory history = new TokenHistory(new int[0]);
        history.add(2);
        double[] expected = softmax(LOGITS, 1);

        GeneratedToken token = one(LOGITS, new SamplingRow(params, history, Optional.empty(), Set.of()));

        Logprobs logprobs = token.logprobs().orElseThrow();
        assertThat(token.id()).isIn(0, 4);
        assertThat(logprobs.chosen()).isCloseTo((float) Math.log(expected[0]), within(1e-6f));
        assertThat(logprobs.topIds()[0]).isEqualTo(2);
        assertThat(logprobs.topIds()).hasSize(3).contains(0, 4);
        assertThat(logprobs.top()[0]).isCloseTo((float) Math.log(expected[2]), within(1e-6f));
    }

    @Test
    void noAlternativesAndNoLogprobsAreDifferentThings() {
        SamplingParams none = new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0, OptionalInt.of(0));

        assertThat(one(LOGITS, none, new int[0]).logprobs().orElseThrow().topIds())
                .isEmpty();
        assertThat(one(LOGITS, SamplingParams.GREEDY, new int[0]).logprobs()).isEmpty();
    }

    @Test
    void aRowWithoutNumbersIsRejectedAndCostsNoOtherRow() {
        float[] broken = LOGITS.clone();
        broken[4] = Float.NaN;
        SamplingRow row = new SamplingRow(params(1, 1, 0, 0), new TokenHistory(new int[0]), Optional.empty(), Set.of());
        SamplingRow greedy =
                new SamplingRow(SamplingParams.GREEDY, new TokenHistory(new int[0]), Optional.empty(), Set.of());

        List<Outcome<GeneratedToken>> results = outcomes(List.of(broken, LOGITS), List.of(row, greedy));

        assertThat(results.get(0).fold(token -> "token", Rejection::message)).contains("NaN");
        assertThat(results.get(1).map(GeneratedToken::id)).isEqualTo(Outcome.ok(2));
    }

    private void assertDrawnFrom(double[] expected, SamplingParams params) {
        int[] counts = new int[expected.length];
        for (int id : draw(params, DRAWS)) {
            counts[id]++;
        }
        int kept = 0;
        for (double probability : expected) {
            kept += probability > 0 ? 1 : 0;
        }
        assertThat(chiSquare(counts, expected)).isLessThan(CHI_SQUARE_LIMIT[kept - 1]);
    }

    private static double chiSquare(int[] counts, double[] expected) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            if (expected[i] == 0) {
                assertThat(counts[i]).as("draws of token " + i).isZero();
            } else {
                sum += Math.pow(counts[i] - DRAWS * expected[i], 2) / (DRAWS * expected[i]);
            }
        }
        return sum;
    }

    private List<Integer> draw(SamplingParams params, int draws) {
        return drawFrom(LOGITS, params, draws);
    }

    /** Draws the first thousand by token index and the others by seed. */
    private List<Integer> drawFrom(float[] logits, SamplingParams params, int draws) {
        List<Integer> drawn = new ArrayList<>();
        TokenHistory history = new TokenHistory(new int[0]);
        int batch = 500;
        for (int from = 0; from < draws; from += batch) {
            List<SamplingRow> rows = new ArrayList<>();
            for (int i = from; i < Math.min(from + batch, draws); i++) {
                if (i < 1000) {
                    rows.add(new SamplingRow(params, historyOf(i), Optional.empty(), Set.of()));
                } else {
                    rows.add(new SamplingRow(seeded(params, i), history, Optional.empty(), Set.of()));
                }
            }
            drawn.addAll(choose(Collections.nCopies(rows.size(), logits), rows));
        }
        return drawn;
    }

    private static TokenHistory historyOf(int tokens) {
        TokenHistory history = new TokenHistory(new int[0]);
        for (int i = 0; i < tokens; i++) {
            history.add(0);
        }
        return history;
    }

    private static SamplingParams seeded(SamplingParams params, long seed) {
        return new SamplingParams(
                params.temperature(), params.topP(), params.topK(), params.minP(), 0, 0, 1, seed, OptionalInt.empty());
    }

    private static SamplingParams params(double temperature, double topP, int topK, double minP) {
        return new SamplingParams(temperature, topP, topK, minP, 0, 0, 1, 42, OptionalInt.empty());
    }

    private GeneratedToken one(float[] logits, SamplingParams params, int[] prompt) {
        return one(logits, new SamplingRow(params, new TokenHistory(prompt), Optional.empty(), Set.of()));
    }

    private GeneratedToken one(float[] logits, SamplingRow row) {
        return outcomes(List.of(logits), List.of(row)).get(0).fold(token -> token, rejection -> {
            throw new AssertionError(rejection);
        });
    }

    private List<Integer> choose(List<float[]> logits, List<SamplingRow> rows) {
        return outcomes(logits, rows).stream()
                .map(outcome -> outcome.fold(GeneratedToken::id, rejection -> {
                    throw new AssertionError(rejection);
                }))
                .toList();
    }

    private List<Outcome<GeneratedToken>> outcomes(List<float[]> logits, List<SamplingRow> rows) {
        int vocab = logits.get(0).length;
        float[] flat = new float[vocab * logits.size()];
        for (int i = 0; i < logits.size(); i++) {
            System.arraycopy(logits.get(i), 0, flat, i * vocab, vocab);
        }
        try (TensorScope scope = new TensorScope();
                Device device = TestDevice.chosen().torchDevice()) {
            Tensor tensor = HostTensors.floats(flat, device).view(logits.size(), vocab);
            return sampler.choose(tensor, rows);
        }
    }

    private static double[] softmax(float[] logits, double temperature) {
        double[] exponentials = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            exponentials[i] = Math.exp(logits[i] / temperature);
            sum += exponentials[i];
        }
        for (int i = 0; i < logits.length; i++) {
            exponentials[i] /= sum;
        }
        return exponentials;
    }

    private static double[] kept(double[] probabilities, int... ids) {
        double[] kept = new double[probabilities.length];
        double mass = 0;
        for (int id : ids) {
            mass += probabilities[id];
        }
        for (int id : ids) {
            kept[id] = probabilities[id] / mass;
        }
        return kept;
    }
}
