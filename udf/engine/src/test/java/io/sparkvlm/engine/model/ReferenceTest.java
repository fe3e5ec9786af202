package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.VisionInput;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.TorchThreads;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the model with transformers' recorded outputs. More references than the one in the resources are taken from the folder named
 * by {@code -Dsparkvlm.references}, which holds what make_reference.py made, a folder each.
 */
@Tag("device")
class ReferenceTest {
    private static final int BLOCK_SIZE_TOKENS = 16;

    /** The models are too small for a second thread to be worth waking. */
    @BeforeAll
    static void useOneThread() {
        TorchThreads.use(1);
    }

    static List<Path> references() throws IOException {
        List<Path> folders = new ArrayList<>(Reference.folders());
        folders.add(Reference.quantized());
        return folders;
    }

    @ParameterizedTest
    @MethodSource("references")
    void visionEmbeddingsAreThoseOfTransformers(Path folder) throws IOException {
        try (Qwen2Vl model = load(folder, DType.FLOAT32)) {
            for (Reference reference : Reference.all(folder)) {
                assertEmbeddings(model, reference, reference.images(), reference.imageEmbeddings(), 1e-4);
                assertEmbeddings(model, reference, reference.videos(), reference.videoEmbeddings(), 1e-4);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("references")
    void logitsOfAPromptComputedAtOnceAreThoseOfTransformers(Path folder) throws IOException {
        assertLogits(folder, DType.FLOAT32, Integer.MAX_VALUE, 1e-4);
    }

    @ParameterizedTest
    @MethodSource("references")
    void logitsOfAPromptComputedInChunksAreThoseOfTransformers(Path folder) throws IOException {
        assertLogits(folder, DType.FLOAT32, 16, 1e-4);
    }

    @ParameterizedTest
    @MethodSource("references")
    void logitsInBfloat16StayCloseToThoseInFloat32(Path folder) throws IOException {
        assertLogits(folder, DType.BFLOAT16, 64, 0.05);
    }

    @ParameterizedTest
    @CsvSource({"a16w8, 0.08", "a16w4, 0.8", "a8w8, 0.12"})
    void logitsOfRoundedWeightsStayCloseToThoseInFloat32(String quantization, double share) throws IOException {
        for (Path folder : Reference.folders()) {
            for (DType dtype : DType.values()) {
                assertLogits(folder, dtype, Quantization.parse(quantization), 64, share);
            }
        }
    }

    @Test
    void refusesToRoundACheckpointThatIsQuantized() {
        assertThatThrownBy(() -> load(Reference.quantized(), DType.BFLOAT16, Quantization.A16W8))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("leave --quantization out");
    }

    @ParameterizedTest
    @MethodSource("references")
    void sequencesComputedTogetherGenerateWhatTransformersDoes(Path folder) throws IOException {
        try (TensorScope scope = new TensorScope();
                Qwen2Vl model = load(folder, DType.FLOAT32)) {
            List<Reference> references = Reference.all(folder);
            int blocks = references.stream().mapToInt(ReferenceTest::blocks).sum();
            List<Integer> shuffled =
                    new ArrayList<>(IntStream.range(0, blocks).boxed().toList());
            Collections.shuffle(shuffled, new Random(7));
            List<PromptSequence> sequences = new ArrayList<>();
            int taken = 0;
            for (Reference reference : references) {
                int[] table = shuffled.subList(taken, taken + blocks(reference)).stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
                taken += table.length;
                sequences.add(sequence(model, reference, table, scope));
            }
            try (KvCache cache = ClearedCache.of(model, blocks, BLOCK_SIZE_TOKENS)) {
                generateTogether(model, cache, references, sequences);
            }
        }
    }

    /** At most 24 rows of a sequence in a step, so that some still read their prompts while others generate. */
    private static void generateTogether(
            Qwen2Vl model, KvCache cache, List<Reference> references, List<PromptSequence> sequences) {
        while (true) {
            List<Integer> running = IntStream.range(0, sequences.size())
                    .filter(i -> sequences.get(i).generated().size()
                            < references.get(i).greedyIds().length)
                    .boxed()
                    .toList();
            if (running.isEmpty()) {
                return;
            }
            List<PromptSequence> batch = running.stream().map(sequences::get).toList();
            int[] rows = batch.stream()
                    .mapToInt(sequence -> Math.min(24, sequence.pending()))
                    .toArray();
            StepInput step = PromptSequence.step(batch, rows);
            try (TensorScope scope = new TensorScope()) {
                Tensor logits = scope.adopt(model.forward(step, cache));
                int row = 0;
                for (int i = 0; i < batch.size(); i++) {
                    if (step.segments().get(i).wantsLogits()) {
                        Reference reference = references.get(running.get(i));
                        int index = batch.get(i).generated().size();
                        float[] values = HostTensors.toFloats(logits.select(0, row++));
                        int greedy = argmax(values);
                        assertThat(greedy)
                                .as("%s, token %d", reference, index)
                                .isEqualTo(reference.greedyIds()[index]);
                        assertThat(logprob(values, greedy))
                                .as("%s, token %d", reference, index)
                                .isCloseTo(reference.greedyLogprobs()[index], Offset.offset(1e-3));
                        batch.get(i).append(greedy);
                    }
                }
            }
        }
    }

    private static void assertLogits(Path folder, DType dtype, int chunk, double share) throws IOException {
        assertLogits(folder, dtype, Quantization.NONE, chunk, share);
    }

    private static void assertLogits(Path folder, DType dtype, Quantization quantization, int chunk, double share)
            throws IOException {
        try (Qwen2Vl model = load(folder, dtype, quantization)) {
            for (Reference reference : Reference.all(folder)) {
                int blocks = blocks(reference);
                try (TensorScope scope = new TensorScope();
                        KvCache cache = ClearedCache.of(model, blocks, BLOCK_SIZE_TOKENS)) {
                    int[] table = IntStream.range(0, blocks).toArray();
                    PromptSequence sequence = sequence(model, reference, table, scope);
                    Tensor logits;
                    do {
                        int[] rows = {Math.min(chunk, sequence.pending())};
                        logits = scope.adopt(model.forward(PromptSequence.step(List.of(sequence), rows), cache));
                    } while (sequence.pending() > 0);
                    Deviation.assertWithin(
                            share, HostTensors.toFloats(logits), reference.lastLogits(), "logits of " + reference);
                }
            }
        }
    }

    private static void assertEmbeddings(
            Qwen2Vl model, Reference reference, List<VisionInput> inputs, float[] expected, double share) {
        int from = 0;
        try (TensorScope scope = new TensorScope()) {
            for (Tensor embeddings : model.encodeVision(inputs)) {
                float[] actual = HostTensors.toFloats(scope.adopt(embeddings));
                float[] own = Arrays.copyOfRange(expected, from, from + actual.length);
                Deviation.assertWithin(share, actual, own, "embeddings of " + reference);
                from += actual.length;
            }
        }
        assertThat(from).isEqualTo(expected.length);
    }

    private static PromptSequence sequence(Qwen2Vl model, Reference reference, int[] table, TensorScope scope) {
        List<PromptSequence.Vision> vision = reference
                .vision()
                .map(input -> new PromptSequence.Vision(
                        input.firstToken(),
                        scope.adopt(model.encodeVision(List.of(input)).get(0))))
                .toList();
        return new PromptSequence(reference.ids(), reference.positions(), vision, table);
    }

    private static int blocks(Reference reference) {
        int tokens = reference.ids().length + reference.greedyIds().length;
        return (tokens + BLOCK_SIZE_TOKENS - 1) / BLOCK_SIZE_TOKENS;
    }

    private static Qwen2Vl load(Path folder, DType dtype) throws IOException {
        return load(folder, dtype, Quantization.NONE);
    }

    private static Qwen2Vl load(Path folder, DType dtype, Quantization quantization) throws IOException {
        return Qwen2Vl.load(folder.resolve("checkpoint"), DeviceMesh.of(TestDevice.chosen()), dtype, quantization);
    }

    private static int argmax(float[] logits) {
        return IntStream.range(0, logits.length)
                .reduce((best, i) -> logits[i] > logits[best] ? i : best)
                .orElseThrow();
    }

    private static double logprob(float[] logits, int token) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - logits[token]);
        }
        return -Math.log(sum);
    }
}
