package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.engine.weights.Checkpoint;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.RankSplit;
import io.sparkvlm.engine.weights.WeightShapes;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TorchThreads;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that is split over ranks computes what the whole one does, and each rank holds its part. */
@Timeout(120)
class SplitModelTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void useOneThread() {
        TorchThreads.use(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1, FLOAT32, none, 0",
        "2, FLOAT32, none, 1e-3",
        "4, FLOAT32, none, 1e-3",
        "2, BFLOAT16, none, 0.2",
        "2, FLOAT32, a16w8, 0.2",
        "2, FLOAT32, a8w8, 0.3"
    })
    void logitsAreThoseOfOneRank(int ranks, DType dtype, String quantization, float tolerance) throws IOException {
        RankCheckpoint.write(folder, 8, 4, OutputHead.SEPARATE);
        float[] expected = logits(1, DType.FLOAT32, Quantization.NONE);
        float[] split = logits(ranks, dtype, Quantization.parse(quantization));
        assertThat(split).hasSameSizeAs(expected);
        for (int i = 0; i < split.length; i++) {
            assertThat(split[i]).as("logit %d", i).isCloseTo(expected[i], within(tolerance));
        }
    }

    @Test
    void logitsAreThoseOfOneRankWhereLibtorchsCollectivesExchangeThem() throws IOException {
        folder = Reference.folders().get(1).resolve("checkpoint");
        assertThat(RankGroups.areWanted(2, 128)).isFalse();
        float[] expected = logits(1, DType.FLOAT32, Quantization.NONE);
        System.setProperty(RankGroups.CHOICE, RankGroups.LIBTORCH);
        try {
            assertThat(RankGroups.areWanted(2, 128)).isTrue();
            float[] split = logits(2, DType.FLOAT32, Quantization.NONE);
            for (int i = 0; i < split.length; i++) {
                assertThat(split[i]).as("logit %d", i).isCloseTo(expected[i], within(1e-3f));
            }
        } finally {
            System.clearProperty(RankGroups.CHOICE);
        }
    }

    @Test
    void aRankThatFailsKeepsNoOtherInLibtorchsCollectives() {
        RankMeeting meeting = new RankMeeting(2);
        try (RankGroups groups = new RankGroups(meeting, DeviceSpec.Kind.CPU, 2);
                RankThreads threads = new RankThreads(meeting, 2)) {
            for (int step = 0; step < 2; step++) {
                assertThatThrownBy(() -> threads.run(rank -> {
                            if (rank == 1) {
                                throw new IllegalStateException("rank 1 has no memory");
                            }
                            groups.ofRank(rank).sum(Tensor.create(new float[] {1}, 1));
                        }))
                        .hasMessage("rank 1 has no memory");
                threads.run(rank -> assertThat(
                                HostTensors.toFloats(groups.ofRank(rank).sum(Tensor.create(new float[] {rank + 1}, 1))))
                        .containsExactly(3));
            }
        }
    }

    @Test
    void logitsAreTheSameEachTime() throws IOException {
        RankCheckpoint.write(folder, 4, 1, OutputHead.TIED_TO_EMBEDDINGS);
        float[] once = logits(4, DType.FLOAT32, Quantization.NONE);
        for (int i = 0; i < 5; i++) {
            assertThat(logits(4, DType.FLOAT32, Quantization.NONE)).containsExactly(once);
        }
    }

    @Test
    void ofTheTiedReferenceTwoRanksComputeWhatOneDoes() throws IOException {
        folder = Reference.folders().get(1).resolve("checkpoint");
        float[] expected = logits(1, DType.FLOAT32, Quantization.NONE);
        float[] split = logits(2, DType.FLOAT32, Quantization.NONE);
        for (int i = 0; i < split.length; i++) {
            assertThat(split[i]).isCloseTo(expected[i], within(1e-3f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void eachRankHoldsItsPart(int ranks) throws IOException {
        RankCheckpoint.write(folder, 8, 4, OutputHead.SEPARATE);
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                Qwen2Vl whole = load(1, DType.FLOAT32, Quantization.NONE);
                Qwen2Vl split = load(ranks, DType.FLOAT32, Quantization.NONE)) {
            ModelConfig config = checkpoint.config();
            for (int rank = 0; rank < ranks; rank++) {
                WeightShapes own = WeightShapes.of(config).ofRank(new RankSplit(config.text(), rank, ranks));
                long expected = bytes(own, "model.") + bytes(own, "lm_head.");
                long beside = rank == 0 ? whole.weightBytes(0) - wholeText(config) : constants();
                assertThat(split.weightBytes(rank)).as("rank %d", rank).isEqualTo(expected + beside);
            }
        }
    }

    private static long wholeText(ModelConfig config) {
        WeightShapes shapes = WeightShapes.of(config);
        return bytes(shapes, "model.") + bytes(shapes, "lm_head.");
    }

    /** Frequencies in float32 and their axes in int64, of half a head each. */
    private static long constants() {
        return 16 * (Float.BYTES + Long.BYTES);
    }

    private static long bytes(WeightShapes shapes, String prefix) {
        return shapes.all().entrySet().stream()
                .filter(weight -> weight.getKey().startsWith(prefix))
                .mapToLong(weight -> weight.getValue().stream().reduce(1L, (a, b) -> a * b) * Float.BYTES)
                .sum();
    }

    @ParameterizedTest
    @CsvSource({
        "3, expected tensor-parallel-size 3 to divide num_attention_heads found 8",
        "16, expected tensor-parallel-size 16 to divide num_attention_heads found 8"
    })
    void aNumberThatDoesNotDivideIsRefused(int ranks, String reason) throws IOException {
        RankCheckpoint.write(folder, 8, 4, OutputHead.SEPARATE);
        assertThatThrownBy(() -> load(ranks, DType.FLOAT32, Quantization.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(reason.replace(" found", ", found"));
    }

    @Test
    void ofACheckpointThatIsQuantizedTwoRanksComputeWhatOneDoes() throws IOException {
        folder = Reference.quantized().resolve("checkpoint");
        float[] expected = logits(1, DType.FLOAT32, Quantization.NONE);
        float[] split = logits(2, DType.FLOAT32, Quantization.NONE);
        for (int i = 0; i < split.length; i++) {
            assertThat(split[i]).as("logit %d", i).isCloseTo(expected[i], within(1e-3f));
        }
    }

    /** All ranks end a step in which one fails, and the model goes on. */
    @Test
    void aRankThatFailsDoesNotKeepTheOthers() {
        RankMeeting meeting = new RankMeeting(3);
        try (RankThreads threads = new RankThreads(meeting, 3)) {
            assertThatThrownBy(() -> threads.run(rank -> {
                        if (rank == 1) {
                            throw new IllegalStateException("rank 1 has no memory");
                        }
                        sum(meeting, rank);
                    }))
                    .hasMessage("rank 1 has no memory");
            float[][] sums = new float[3][];
            threads.run(rank -> sums[rank] = sum(meeting, rank));
            assertThat(sums).isDeepEqualTo(new float[][] {{6}, {6}, {6}});
        }
    }

    @Test
    void aRankWithoutAThreadDoesNotKeepTheOthers() {
        RankMeeting meeting = new RankMeeting(2);
        ExecutorService first = Executors.newSingleThreadExecutor();
        ExecutorService none = Executors.newSingleThreadExecutor();
        none.shutdown();
        try (RankThreads threads = new RankThreads(meeting, List.of(first, none))) {
            assertThatThrownBy(() -> threads.run(rank -> sum(meeting, rank)))
                    .isInstanceOf(RejectedExecutionException.class);
        }
    }

    /** Ranks use what the caller would free, so it waits for them; they end, and it learns of the interruption. */
    @Test
    void aCallerThatIsInterruptedWaitsForAllRanksAndStaysInterrupted() throws InterruptedException {
        RankMeeting meeting = new RankMeeting(2);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        try (RankThreads threads = new RankThreads(meeting, 2)) {
            Thread caller = new Thread(() -> {
                threads.run(rank -> {
                    if (rank == 1) {
                        await(interrupted);
                    }
                    sum(meeting, rank);
                    ended.incrementAndGet();
                });
                seen.add(ended.get());
                seen.add(Thread.currentThread().isInterrupted());
            });
            caller.start();
            caller.interrupt();
            interrupted.countDown();
            caller.join();
        }
        assertThat(seen).containsExactlyInAnyOrder(2, true);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** 1 + 2 + 3. */
    private static float[] sum(RankMeeting meeting, int rank) {
        try (TensorScope scope = new TensorScope()) {
            return HostTensors.toFloats(meeting.ofRank(rank).sum(Tensor.create(new float[] {rank + 1}, 1)));
        }
    }

    private float[] logits(int ranks, DType dtype, Quantization quantization) throws IOException {
        try (Qwen2Vl model = load(ranks, dtype, quantization)) {
            int[] ids = {1, 60, 30, 96, 17};
            int[] positions = {0, 1, 2, 3, 4};
            List<Segment> segments =
                    List.of(new Segment(0, 3, 0, new int[] {0}, true), new Segment(3, 2, 0, new int[] {1}, true));
            try (TensorScope scope = new TensorScope();
                    KvCache cache = ClearedCache.of(model, 2, 4)) {
                StepInput step = new StepInput(ids, positions, positions, positions, segments, List.of());
                return Arrays.copyOf(
                        HostTensors.toFloats(scope.adopt(model.forward(step, cache))), 2 * model.vocabSize());
            }
        }
    }

    private Qwen2Vl load(int ranks, DType dtype, Quantization quantization) throws IOException {
        return Qwen2Vl.load(folder, DeviceMesh.ofCpu(ranks), dtype, quantization);
    }
}
