package io.sparkvlm.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.engine.safetensors.SafetensorsFuzz;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A checkpoint whose bytes changed is read, or refused by a message that names the file; nothing else is thrown. */
class CheckpointMutationsTest {
    private static final int COUNT = Integer.getInteger("sparkvlm.mutations", 2000);

    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void aChangedSafetensorsFileIsReadOrRefused() throws IOException {
        byte[] whole = SafetensorsFuzz.seeds().get(0);
        int read = 0;
        for (int i = 0; i < COUNT; i++) {
            read += SafetensorsFuzz.isRead(changed(whole)) ? 1 : 0;
        }
        assertThat(read).isBetween(1, COUNT);
    }

    @Test
    void aChangedConfigIsReadOrRefused() {
        byte[] whole = ConfigFuzz.seeds().get(0);
        int read = 0;
        for (int i = 0; i < COUNT; i++) {
            read += ConfigFuzz.isRead(changed(whole)) ? 1 : 0;
        }
        assertThat(read).isBetween(1, COUNT);
    }

    /** One to three changes: a bit, a byte, an extreme, a cut, a part twice. */
    private byte[] changed(byte[] whole) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) "0123456789-+.eE\"{}[],:x \\".charAt(random.nextInt(25));
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 8), (byte) random.nextInt(-1, 1));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                default -> {
                    int from = random.nextInt(at + 1);
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + at - from);
                    System.arraycopy(bytes, from, longer, at, bytes.length - from);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
