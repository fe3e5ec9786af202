package io.sparkvlm.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint whose bytes changed is read, or refused by a message that names the file; nothing else is thrown. */
class CheckpointMutationsTest {
    private static final int COUNT = Integer.getInteger("sparkvlm.mutations", 2000);

    private final SplittableRandom random = new SplittableRandom(5);

    @TempDir
    private Path folder;

    @Test
    void aChangedSafetensorsFileIsReadOrRefused() throws IOException {
        Path file = folder.resolve("model.safetensors");
        new SafetensorsBytes()
                .add("a.weight", new long[] {2, 3}, new float[6])
                .add("b.weight", "BF16", new long[] {4}, new byte[8])
                .add("empty", new long[] {0, 5}, new float[0])
                .write(file);
        byte[] whole = Files.readAllBytes(file);
        int read = 0;
        for (int i = 0; i < COUNT; i++) {
            Files.write(file, changed(whole));
            try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                for (String name : opened.names()) {
                    StoredTensor tensor = opened.tensor(name);
                    assertThat(tensor.end()).isLessThanOrEqualTo(Files.size(file));
                }
                read++;
            } catch (CheckpointException e) {
                assertThat(e).hasMessageContaining("model.safetensors");
            }
        }
        assertThat(read).isBetween(1, COUNT);
    }

    @Test
    void aChangedConfigIsReadOrRefused() throws IOException {
        Path file = folder.resolve("config.json");
        byte[] whole =
                """
                {"hidden_size": 64, "rope_theta": 1e6, "tie_word_embeddings": true, "rope_scaling": {"type": "mrope",
                 "mrope_section": [2, 3, 3]}, "image_mean": [0.5, 0.4, 0.3], "eos_token_id": null}
                """
                        .getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int i = 0; i < COUNT; i++) {
            try {
                ConfigNode node = new ConfigNode(file, "", JsonFile.parse(file, changed(whole)));
                node.integer("hidden_size");
                node.decimal("rope_theta", 1);
                node.flag("tie_word_embeddings", false);
                node.decimals("image_mean");
                node.child("rope_scaling").integers("mrope_section");
                read++;
            } catch (CheckpointException e) {
                assertThat(e).hasMessageContaining("config.json");
            }
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
