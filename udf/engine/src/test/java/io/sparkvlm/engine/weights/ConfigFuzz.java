package io.sparkvlm.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.ConfigNode;
import io.sparkvlm.checkpoint.JsonFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A config.json is read or refused by a message that names it, whatever its bytes. A fuzzer, or a test, brings them. */
public final class ConfigFuzz {
    private static final Path FILE = Path.of("config.json");

    private ConfigFuzz() {}

    public static List<byte[]> seeds() {
        return List.of(
                """
                {"hidden_size": 64, "rope_theta": 1e6, "tie_word_embeddings": true, "rope_scaling": {"type": "mrope",
                 "mrope_section": [2, 3, 3]}, "image_mean": [0.5, 0.4, 0.3], "eos_token_id": null}
                """
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        isRead(bytes);
    }

    static boolean isRead(byte[] bytes) {
        try {
            ConfigNode node = new ConfigNode(FILE, "", JsonFile.parse(FILE, bytes));
            node.integer("hidden_size");
            node.decimal("rope_theta", 1);
            node.flag("tie_word_embeddings", false);
            node.decimals("image_mean");
            node.child("rope_scaling").integers("mrope_section");
            return true;
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining(FILE.toString());
            return false;
        }
    }
}
