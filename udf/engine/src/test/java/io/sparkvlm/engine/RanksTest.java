package io.sparkvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.model.RankCheckpoint;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engine whose model is split answers as one whose model is whole: in batches, chunks, with preemption and prefixes. */
@Timeout(300)
class RanksTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"2, 8, 4, SEPARATE", "4, 8, 4, SEPARATE", "2, 4, 1, TIED_TO_EMBEDDINGS", "4, 4, 1, TIED_TO_EMBEDDINGS"})
    void answersAreThoseOfOneRank(int ranks, int queries, int keyValues, OutputHead head) throws IOException {
        RankCheckpoint.write(folder, queries, keyValues, head);
        List<List<Integer>> expected = answers(1, 64 * blockBytes(keyValues), PrefixCaching.OFF, false);
        int heldOfRanks = Math.max(ranks, keyValues); // a head that several ranks hold is held as often
        long cache = 64 * blockBytes(heldOfRanks);
        assertThat(answers(ranks, cache, PrefixCaching.ON, false)).isEqualTo(expected);
        assertThat(answers(ranks, cache / 4, PrefixCaching.OFF, true)).isEqualTo(expected);
    }

    /** Rows that cannot be told apart by a model that answers the same to all would show nothing. */
    @Test
    void answersDifferFromRowToRow() throws IOException {
        RankCheckpoint.write(folder, 8, 4, OutputHead.SEPARATE);
        assertThat(Set.copyOf(answers(2, 64 * blockBytes(4), PrefixCaching.ON, false)))
                .hasSizeGreaterThan(4);
    }

    private List<List<Integer>> answers(int ranks, long cacheBytes, PrefixCaching prefixes, boolean preempts)
            throws IOException {
        EngineConfig config = new EngineConfig(
                folder,
                DeviceMesh.ofCpu(ranks),
                DType.FLOAT32,
                Quantization.NONE,
                OptionalInt.of(128),
                8,
                24,
                new CacheConfig(16, OptionalLong.of(cacheBytes), prefixes, 1 << 20),
                1,
                Optional.empty());
        try (BatchingEngine engine = BatchingEngine.open(config)) {
            List<CompletableFuture<Outcome<Generation>>> futures = prompts().stream()
                    .map(prompt -> engine.submit(new GenerationTask(
                            prompt, SamplingParams.GREEDY, new StopRules(40, 0, Set.of()), TokenListener.NONE)))
                    .toList();
            List<List<Integer>> answers = futures.stream()
                    .map(future -> future.join()
                            .fold(
                                    generation -> generation.tokens().stream()
                                            .map(token -> token.id())
                                            .toList(),
                                    rejection -> {
                                        throw new AssertionError(rejection);
                                    }))
                    .toList();
            assertThat(engine.counters().preemptions() > 0).isEqualTo(preempts);
            return answers;
        }
    }

    /** Two with the same beginning, and each other one with a picture. */
    private static List<Prompt> prompts() {
        Random random = new Random(5);
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int row = i;
            int[] ids = new Random(i / 2).ints(40, 0, 97).toArray();
            ids[39] = i;
            int[] axis = IntStream.range(0, 40).toArray();
            List<VisionInput> vision = new ArrayList<>();
            if (row % 2 == 1) {
                PatchGrid grid = new PatchGrid(1, 4, 6, PatchGeometry.QWEN2_VL);
                byte[] patches = new byte[(int) grid.patchBytes()];
                random.nextBytes(patches);
                vision.add(new VisionInput(patches, grid, 20, "picture " + row));
            }
            prompts.add(new Prompt(ids, new MropePositions(axis, axis, axis, 40), vision));
        }
        return prompts;
    }

    /** Of 16 tokens in two layers. */
    private static long blockBytes(int heads) {
        return 2L * 2 * heads * 32 * 16 * Float.BYTES;
    }
}
