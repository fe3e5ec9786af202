package io.sparkvlm.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.engine.model.Reference;
import io.sparkvlm.engine.safetensors.SafetensorsBytes;
import io.sparkvlm.engine.safetensors.SafetensorsFile;
import io.sparkvlm.engine.safetensors.WeightFiles;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuantizedCheckpointTest {
    private static final String LAYER = "model.layers.0.mlp.down_proj";
    private static final String WEIGHT = LAYER + ".weight";

    @TempDir
    Path folder;

    /** Left there by a program that quantized the folder, say. */
    @Test
    void whatLiesBesideAMatrixThatIsPackedIsNotItsWeight() throws IOException {
        addStray();
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors()) {
            assertThat(checkpoint.packed(LAYER)).isPresent();
            assertThat(checkpoint.isMappable(WEIGHT, DType.FLOAT32)).isFalse();
            assertThat(checkpoint.mapped(WEIGHT, DType.FLOAT32, resident)).isEmpty();
        }
    }

    private void addStray() throws IOException {
        Path published = Reference.quantized().resolve("checkpoint");
        for (String file : new String[] {"config.json", "preprocessor_config.json"}) {
            Files.copy(published.resolve(file), folder.resolve(file));
        }
        Files.copy(published.resolve(WeightFiles.SINGLE_FILE), folder.resolve("packed.safetensors"));
        new SafetensorsBytes()
                .add(WEIGHT, new long[] {64, 96}, new float[64 * 96])
                .write(folder.resolve("stray.safetensors"));
        ObjectNode index = new ObjectMapper().createObjectNode();
        ObjectNode files = index.putObject("weight_map");
        try (SafetensorsFile packed = SafetensorsFile.open(folder.resolve("packed.safetensors"))) {
            packed.names().forEach(name -> files.put(name, "packed.safetensors"));
        }
        files.put(WEIGHT, "stray.safetensors");
        Files.writeString(folder.resolve(WeightFiles.INDEX_FILE), index.toString());
    }
}
