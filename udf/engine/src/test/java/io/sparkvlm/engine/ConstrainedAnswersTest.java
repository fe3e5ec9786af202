package io.sparkvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.TokenConstraint;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.engine.model.Reference;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("device")
@Timeout(600)
final class ConstrainedAnswersTest {
    private static final int STOP = 250;
    private static final Set<Integer> NONE = Set.of();

    private static BatchingEngine engine;

    @BeforeAll
    static void open() throws IOException {
        // Blocks for some 300 tokens: a few of the answers run, and others are preempted for them.
        engine = BatchingEngine.open(new EngineConfig(
                Reference.folders().get(0).resolve("checkpoint"),
                DeviceMesh.of(TestDevice.chosen()),
                DType.FLOAT32,
                Quantization.NONE,
                OptionalInt.of(256),
                16,
                256,
                new CacheConfig(16, OptionalLong.of(1 << 18), PrefixCaching.ON, 1 << 20),
                1,
                Optional.empty()));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /** Allows ten tokens at each place, others at each; lets an answer end from one place on, and end at another. */
    private record Stairs(int mayEndAt, int mustEndAt) implements TokenConstraint {
        @Override
        public Cursor start() {
            return new Cursor() {
                private int place;

                @Override
                public long[] allowed() {
                    long[] allowed = new long[4];
                    IntStream.range(10 * place, 10 * place + (place < mustEndAt ? 10 : 0))
                            .forEach(id -> allowed[id / Long.SIZE] |= 1L << id);
                    return allowed;
                }

                @Override
                public void advance(int tokenId) {
                    assertThat(tokenId / 10).isEqualTo(place);
                    place++;
                }

                @Override
                public boolean mayEnd() {
                    return place >= mayEndAt;
                }

                @Override
                public boolean mustEnd() {
                    return place == mustEndAt && mayEnd();
                }
            };
        }
    }

    @Test
    void answersKeepToTheirConstraintsAndNeighboursToTheirOwnTokens() {
        List<GenerationTask> tasks = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Optional<TokenConstraint> constraint =
                    i % 3 == 0 ? Optional.empty() : Optional.of(new Stairs(5, 10 + i % 5));
            tasks.add(new GenerationTask(
                    prompt(i),
                    i % 2 == 0 ? SamplingParams.GREEDY : sampled(i),
                    stops(NONE),
                    constraint,
                    TokenListener.NONE));
        }
        List<List<Integer>> alone =
                tasks.stream().map(task -> ids(generation(engine.submit(task)))).toList();
        List<CompletableFuture<Outcome<Generation>>> together =
                tasks.stream().map(engine::submit).toList();

        for (int i = 0; i < tasks.size(); i++) {
            Generation generation = generation(together.get(i));
            assertThat(ids(generation)).as("row " + i).isEqualTo(alone.get(i));
            if (i % 3 != 0) {
                assertThat(generation.finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(ids(generation)).hasSize(10 + i % 5);
            }
        }
        assertThat(engine.counters().preemptions()).isPositive();
    }

    @Test
    void anAnswerIsEndedWhereItsConstraintLetsItAndCutWhereItsTokensAreUsedUp() {
        for (int seed = 0; seed < 30; seed++) {
            Generation generation = generation(engine.submit(new GenerationTask(
                    prompt(seed),
                    sampled(seed),
                    stops(Set.of(STOP)),
                    Optional.of(new Stairs(2, 20)),
                    TokenListener.NONE)));
            assertThat(ids(generation).indexOf(STOP))
                    .satisfiesAnyOf(at -> assertThat(at).isEqualTo(-1), at -> assertThat(at)
                            .isGreaterThanOrEqualTo(2));
        }
        Generation onlyTheEnd = generation(engine.submit(new GenerationTask(
                prompt(1),
                SamplingParams.GREEDY,
                stops(Set.of(STOP)),
                Optional.of(new Stairs(0, 0)),
                TokenListener.NONE)));
        assertThat(ids(onlyTheEnd)).containsExactly(STOP);
        Generation cut = generation(engine.submit(new GenerationTask(
                prompt(1),
                SamplingParams.GREEDY,
                new StopRules(3, 0, NONE),
                Optional.of(new Stairs(9, 20)),
                TokenListener.NONE)));
        assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(cut.tokens()).hasSize(3);
    }

    @Test
    void aConstraintThatRulesOutEveryTokenIsAnErrorOfItsRowAlone() {
        for (int row = 0; row < 12; row++) { // more than would be held against the model
            assertThat(engine.submit(new GenerationTask(
                                    prompt(row),
                                    SamplingParams.GREEDY,
                                    stops(NONE),
                                    Optional.of(new Stairs(9, 0)),
                                    TokenListener.NONE))
                            .join()
                            .<Object>fold(generation -> "an answer", rejection -> rejection.code()))
                    .isEqualTo(EngineCode.SERVER_ERROR);
        }
        assertThat(ids(generation(engine.submit(
                        new GenerationTask(prompt(3), SamplingParams.GREEDY, stops(NONE), TokenListener.NONE)))))
                .hasSize(24);
    }

    private static StopRules stops(Set<Integer> ids) {
        return new StopRules(24, 0, ids);
    }

    private static SamplingParams sampled(long seed) {
        return new SamplingParams(
                1.0, seed % 4 == 1 ? 0.9 : 1, seed % 3 == 0 ? 20 : 0, 0, 0, 0, 1, seed, OptionalInt.empty());
    }

    private static Prompt prompt(int seed) {
        int[] ids = new Random(seed).ints(40, 0, 256).toArray();
        int[] axis = IntStream.range(0, ids.length).toArray();
        return new Prompt(ids, new MropePositions(axis, axis, axis, ids.length), List.of());
    }

    private static Generation generation(CompletableFuture<Outcome<Generation>> future) {
        return future.join().fold(generation -> generation, rejection -> {
            throw new AssertionError(rejection);
        });
    }

    private static List<Integer> ids(Generation generation) {
        return generation.tokens().stream().map(GeneratedToken::id).toList();
    }
}
