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
import io.sparkvlm.engine.model.KvCache;
import io.sparkvlm.engine.model.Reference;
import io.sparkvlm.engine.model.StepInput;
import io.sparkvlm.engine.model.VisionLanguageModel;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.device.DeviceMemory;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch_cuda;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an engine takes of its device's memory, and what it does when there is no more. */
@Tag("device")
class EngineMemoryTest {
    private static final long MIB = 1 << 20;

    @Test
    void anEngineThatWasClosedCanBeOpenedAgainAndAnswersAsBefore() throws IOException {
        Reference reference = references().get(0);
        List<Integer> first = answer(reference);
        assertThat(first).isNotEmpty();
        assertThat(answer(reference)).isEqualTo(first);
        assertThat(answer(reference)).isEqualTo(first);
    }

    @Test
    void aCacheOfNoGivenSizeTakesAShareOfWhatIsFree() throws IOException {
        try (BatchingEngine engine = open(OptionalLong.empty(), 64)) {
            assertThat(ids(engine, references().get(0))).isNotEmpty();
        }
    }

    /** A device that runs out is hard to come by, so the model says that it has. */
    @Test
    void aPictureForWhichAStepHasNoMemoryIsRejectedAndTheOtherRowsGoOn() throws IOException {
        List<Reference> pictures =
                references().stream().filter(it -> !it.images().isEmpty()).toList();
        List<List<Integer>> expected = pictures.stream().map(it -> answer(it)).toList();
        try (BatchingEngine engine = BatchingEngine.start(
                config(OptionalLong.of(16 * MIB), 2048),
                withoutMemoryFor(pictures.get(1).prompt().vision().get(0)))) {
            List<CompletableFuture<Outcome<Generation>>> futures = pictures.stream()
                    .map(it -> engine.submit(task(it.prompt(), 8)))
                    .toList();
            int rejected = 0;
            for (int i = 0; i < futures.size(); i++) {
                Outcome<Generation> outcome = futures.get(i).join();
                Optional<Rejection> rejection = outcome.fold(generation -> Optional.empty(), Optional::of);
                if (rejection.isPresent()) {
                    assertThat(rejection.get().code()).isEqualTo(EngineCode.ENGINE_OUT_OF_MEMORY);
                    rejected++;
                } else {
                    assertThat(tokens(outcome)).isEqualTo(expected.get(i));
                }
            }
            assertThat(pictures).hasSizeGreaterThan(2);
            assertThat(rejected).isEqualTo(1);
        }
    }

    /** The reference model, which never has memory for this picture, in whatever company. */
    private static VisionLanguageModel withoutMemoryFor(VisionInput picture) throws IOException {
        return new FaultyModel() {
            @Override
            public List<Tensor> encodeVision(List<VisionInput> inputs) {
                if (inputs.stream().anyMatch(input -> input.contentHash().equals(picture.contentHash()))) {
                    throw new OutOfMemoryError("no memory for a kernel");
                }
                return super.encodeVision(inputs);
            }
        };
    }

    @Test
    void aStepForWhichThereIsNoMemoryIsCutIntoSmallerOnes() throws IOException {
        List<Reference> references = references();
        List<List<Integer>> expected = references.stream().map(it -> answer(it)).toList();
        int fits = 5;
        FaultyModel model = new FaultyModel() {
            @Override
            public Tensor forward(StepInput step, KvCache cache) {
                if (step.tokenIds().length > fits) {
                    throw outOfMemory();
                }
                return super.forward(step, cache);
            }
        };
        try (BatchingEngine engine = BatchingEngine.start(config(OptionalLong.of(16 * MIB), 2048), model)) {
            List<CompletableFuture<Outcome<Generation>>> futures = references.stream()
                    .map(it -> engine.submit(task(it.prompt(), 8)))
                    .toList();
            for (int i = 0; i < futures.size(); i++) {
                assertThat(tokens(futures.get(i).join())).isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void aRowForWhichThereIsNoMemoryEvenAloneIsRejected() throws IOException {
        FaultyModel model = new FaultyModel() {
            @Override
            public Tensor forward(StepInput step, KvCache cache) {
                throw new OutOfMemoryError("Physical memory usage is too high"); // JavaCPP's words
            }
        };
        try (BatchingEngine engine = BatchingEngine.start(config(OptionalLong.of(16 * MIB), 2048), model)) {
            Outcome<Generation> outcome =
                    engine.submit(task(references().get(0).prompt(), 8)).join();
            Optional<Rejection> rejection = outcome.fold(generation -> Optional.empty(), Optional::of);
            assertThat(rejection.map(Rejection::code)).hasValue(EngineCode.ENGINE_OUT_OF_MEMORY);
        }
    }

    /** The CPU's free memory is moved by every process of the machine, a GPU's by its own alone. */
    @Test
    @Tag("gpu")
    void closingGivesTheDevicesMemoryBack() throws IOException {
        answer(references().get(0)); // what libraries take at their first use stays
        long before = DeviceMemory.freeBytes(TestDevice.chosen());
        try (BatchingEngine engine = open(OptionalLong.of(256 * MIB), 2048)) {
            assertThat(ids(engine, references().get(0))).isNotEmpty();
            assertThat(DeviceMemory.freeBytes(TestDevice.chosen())).isLessThan(before - 128 * MIB);
        }
        assertThat(DeviceMemory.freeBytes(TestDevice.chosen())).isGreaterThan(before - 32 * MIB);
    }

    @Test
    @Tag("gpu")
    void aPictureThatDoesNotFitIsRejectedAndTheNextRowIsAnswered() throws IOException {
        byte device = (byte) TestDevice.chosen().index();
        Reference reference = references().get(0);
        List<Integer> expected = answer(reference);
        long freeBefore = DeviceMemory.freeBytes(TestDevice.chosen()); // libtorch keeps nothing now
        PatchGrid grid = new PatchGrid(1, 120, 120, PatchGeometry.QWEN2_VL); // its scores take 512 MiB at once
        try (BatchingEngine engine = open(OptionalLong.of(256 * MIB), grid.tokens() + 64)) {
            leaveFree(96 * MIB, freeBefore, device);
            Outcome<Generation> outcome =
                    engine.submit(task(picture(reference, grid), 1)).join();
            Optional<Rejection> rejection = outcome.fold(generation -> Optional.empty(), Optional::of);
            assertThat(rejection.map(Rejection::code)).hasValue(EngineCode.ENGINE_OUT_OF_MEMORY);
            assertThat(ids(engine, reference)).isEqualTo(expected);
        } finally {
            torch_cuda.getAllocator().setMemoryFraction(1, device);
        }
    }

    /** Bounds what libtorch's allocator may take to what it has taken since and some bytes. */
    private static void leaveFree(long bytes, long freeBefore, byte device) {
        try (SizeTPair freeAndTotal = torch_cuda.getAllocator().getMemoryInfo(device)) {
            double share = (double) (freeBefore - freeAndTotal.first() + bytes) / freeAndTotal.second();
            torch_cuda.getAllocator().setMemoryFraction(share, device);
        }
    }

    /** A prompt of one grey picture and a token. */
    private static Prompt picture(Reference reference, PatchGrid grid) {
        int tokens = grid.tokens();
        byte[] patches = new byte[(int) grid.patchBytes()];
        Arrays.fill(patches, (byte) 100);
        int[] axis = IntStream.rangeClosed(0, tokens).toArray();
        int[] ids = new int[tokens + 1];
        Arrays.fill(ids, reference.ids()[0]);
        return new Prompt(
                ids,
                new MropePositions(axis, axis, axis, tokens + 1),
                List.of(new VisionInput(patches, grid, 0, "grey " + grid)));
    }

    private static List<Integer> answer(Reference reference) {
        try (BatchingEngine engine = open(OptionalLong.of(16 * MIB), 2048)) {
            return ids(engine, reference);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Integer> ids(BatchingEngine engine, Reference reference) {
        return tokens(engine.submit(task(reference.prompt(), 8)).join());
    }

    private static List<Integer> tokens(Outcome<Generation> outcome) {
        return outcome.fold(
                generation ->
                        generation.tokens().stream().map(token -> token.id()).toList(),
                rejection -> {
                    throw new AssertionError(rejection);
                });
    }

    private static GenerationTask task(Prompt prompt, int maxTokens) {
        return new GenerationTask(
                prompt, SamplingParams.GREEDY, new StopRules(maxTokens, 0, Set.of()), TokenListener.NONE);
    }

    private static BatchingEngine open(OptionalLong cacheBytes, int maxModelLen) throws IOException {
        return BatchingEngine.open(config(cacheBytes, maxModelLen));
    }

    private static EngineConfig config(OptionalLong cacheBytes, int maxModelLen) throws IOException {
        Path checkpoint = Reference.folders().get(0).resolve("checkpoint");
        return new EngineConfig(
                checkpoint,
                DeviceMesh.of(TestDevice.chosen()),
                DType.FLOAT32,
                Quantization.NONE,
                OptionalInt.of(maxModelLen),
                4,
                64,
                new CacheConfig(16, cacheBytes, PrefixCaching.ON, 0),
                1,
                Optional.empty());
    }

    private static List<Reference> references() throws IOException {
        return Reference.all(Reference.folders().get(0));
    }
}
