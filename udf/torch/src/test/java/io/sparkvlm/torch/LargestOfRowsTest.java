package io.sparkvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.torch.natives.InstructionSet;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "{0}")
@MethodSource("io.sparkvlm.torch.InstructionSets#each")
class LargestOfRowsTest {
    private static final int ROWS = 5;

    LargestOfRowsTest(InstructionSet set) {
        InstructionSets.use(set);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 151, 1000, 151_936}) // primes too, which have no equal parts
    void findsTheFirstOfTheLargest(int vocab) {
        Random random = new Random(vocab);
        float[][] rows = new float[ROWS][vocab];
        for (float[] row : rows) {
            for (int i = 0; i < vocab; i++) {
                row[i] = random.nextInt(Math.min(vocab, 300)); // several are equal
            }
        }
        expectFirstOfTheLargest(rows, largest(LargestOfRows::of, rows));
        expectFirstOfTheLargest(rows, largest(LargestOfRows::byParts, rows));
    }

    private static void expectFirstOfTheLargest(float[][] rows, LargestOfRows largest) {
        for (int row = 0; row < ROWS; row++) {
            int first = 0;
            for (int i = 1; i < rows[row].length; i++) {
                first = rows[row][i] > rows[row][first] ? i : first;
            }
            assertThat(largest.places()[row]).isEqualTo(first);
            assertThat(largest.values()[row]).isEqualTo(rows[row][first]);
            assertThat(largest.isFinite(row)).isTrue();
        }
    }

    @Test
    void tellsRowsWithoutNumbers() {
        tellsRowsWithoutNumbers(LargestOfRows::of);
        tellsRowsWithoutNumbers(LargestOfRows::byParts);
    }

    private static void tellsRowsWithoutNumbers(Function<Tensor, LargestOfRows> way) {
        float[] ruledOut = new float[128];
        Arrays.fill(ruledOut, Float.NEGATIVE_INFINITY);
        float[] broken = new float[128];
        broken[77] = Float.NaN;
        float[] oneLeft = ruledOut.clone();
        oneLeft[100] = -3;
        LargestOfRows largest = largest(way, ruledOut, broken, oneLeft);
        assertThat(largest.isFinite(0)).isFalse();
        assertThat(largest.isFinite(1)).isFalse();
        assertThat(largest.isFinite(2)).isTrue();
        assertThat(largest.places()[2]).isEqualTo(100);
    }

    private static LargestOfRows largest(Function<Tensor, LargestOfRows> way, float[]... rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, all, row * rows[0].length, rows[0].length);
        }
        try (TensorScope scope = new TensorScope();
                Device device = TestDevice.chosen().torchDevice()) {
            return way.apply(HostTensors.floats(all, device).view(rows.length, rows[0].length));
        }
    }
}
