package io.sparkvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class VisionCacheTest {
    private static final int BYTES = 4 * 8 * Float.BYTES; // of one picture's embeddings [4, 8]

    private final CountingEncoder encoder = new CountingEncoder();

    @Test
    void sequencesThatReadTheSamePictureShareIt() {
        try (VisionCache cache = new VisionCache(encoder, 0)) {
            Tensor first = cache.acquire(picture("a"));
            Tensor second = cache.acquire(picture("a"));
            Tensor other = cache.acquire(picture("b"));

            assertThat(second).isSameAs(first);
            assertThat(other).isNotSameAs(first);
            assertThat(encoder.encoded).containsExactly("a", "b");
            assertThat(cache.found()).isEqualTo(1);

            cache.release(picture("a"));
            assertThat(first.isNull()).isFalse(); // the other still reads it
            cache.release(picture("a"));
            assertThat(first.isNull()).isTrue();
            cache.release(picture("b"));
        }
    }

    @Test
    void whatFitsTheBudgetStaysAndTheLongestUnusedLeavesFirst() {
        try (VisionCache cache = new VisionCache(encoder, 2 * BYTES)) {
            for (String content : List.of("a", "b", "a", "c")) { // b has been unused for longest when c comes
                use(cache, content);
            }
            assertThat(encoder.encoded).containsExactly("a", "b", "c");

            use(cache, "a");
            use(cache, "c");
            assertThat(encoder.encoded).containsExactly("a", "b", "c");
            use(cache, "b");
            assertThat(encoder.encoded).containsExactly("a", "b", "c", "b");
        }
    }

    @Test
    void whatIsReadIsNeverGivenUpWhateverTheBudget() {
        try (VisionCache cache = new VisionCache(encoder, BYTES)) {
            Tensor read = cache.acquire(picture("a"));
            for (String content : List.of("b", "c", "d")) {
                use(cache, content);
            }
            assertThat(read.isNull()).isFalse();
            cache.release(picture("a"));
        }
    }

    @Test
    void whatIsUnusedMakesRoomForAPictureThatTheDeviceHasNoMemoryFor() {
        try (VisionCache cache = new VisionCache(encoder, 10 * BYTES)) {
            use(cache, "a");
            encoder.failuresToCome = 1;
            use(cache, "b");
            assertThat(encoder.encoded).containsExactly("a", "b");
            use(cache, "a");
            assertThat(encoder.encoded).containsExactly("a", "b", "a");
        }
    }

    @Test
    void aPictureThatDoesNotFitEvenThenIsTheCallersToReject() {
        try (VisionCache cache = new VisionCache(encoder, 10 * BYTES)) {
            use(cache, "a");
            encoder.failuresToCome = 2;
            assertThatIllegalStateException()
                    .isThrownBy(() -> cache.acquire(picture("b")))
                    .withMessageContaining("out of memory");
            use(cache, "b");
            assertThat(encoder.encoded).containsExactly("a", "b");
        }
    }

    @Test
    void picturesOfSeveralSequencesAreEncodedInOnePass() {
        try (VisionCache cache = new VisionCache(encoder, 10 * BYTES)) {
            use(cache, "a");
            List<VisionInput> wanted = List.of(picture("b"), picture("a"), picture("c"), picture("b"));
            cache.encodeAhead(wanted);
            wanted.forEach(cache::acquire);
            assertThat(encoder.encoded).containsExactly("a", "b", "c");
            assertThat(encoder.passes).isEqualTo(2);
            assertThat(cache.encoded()).isEqualTo(3);
            assertThat(cache.found()).isEqualTo(2);
            wanted.forEach(cache::release);
        }
    }

    @Test
    void whatHasNoMemoryTogetherIsEncodedOneByOne() {
        try (VisionCache cache = new VisionCache(encoder, 10 * BYTES)) {
            encoder.failuresToCome = 1;
            cache.encodeAhead(List.of(picture("a"), picture("b")));
            use(cache, "a");
            use(cache, "b");
            assertThat(encoder.encoded).containsExactly("a", "b");
        }
    }

    private static void use(VisionCache cache, String content) {
        cache.acquire(picture(content));
        cache.release(picture(content));
    }

    private static VisionInput picture(String content) {
        PatchGrid grid = new PatchGrid(1, 4, 4, PatchGeometry.QWEN2_VL);
        return new VisionInput(new byte[(int) grid.patchBytes()], grid, 0, content);
    }

    /** Encodes everything to zeros, and notes what it was asked for. */
    private static final class CountingEncoder implements Function<List<VisionInput>, List<Tensor>> {
        private final List<String> encoded = new ArrayList<>();
        private int passes;
        private int failuresToCome;

        @Override
        public List<Tensor> apply(List<VisionInput> inputs) {
            if (failuresToCome > 0) {
                failuresToCome--;
                throw new IllegalStateException("CUDA out of memory. Tried to allocate 2.00 GiB"); // libtorch's words
            }
            passes++;
            inputs.forEach(input -> encoded.add(input.contentHash()));
            return inputs.stream().map(input -> torch.zeros(4, 8)).toList();
        }
    }
}
