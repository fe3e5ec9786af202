package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.doctor.Machine;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.spark.settings.EngineSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class DryRunMemoryTest {
    private static final String MODEL = "src/main/resources/io/sparkvlm/job/demo/model";

    @Test
    void plansThisMachineOnlyWhereItsProcessorAnswers() throws Exception {
        assertThat(lines(true, Optional.empty())).anyMatch(line -> line.contains("weights"));
        assertThat(lines(false, Optional.empty(), "--device", "cpu")).anyMatch(line -> line.contains("weights"));
        assertThat(lines(false, Optional.empty())).singleElement().asString().contains("./sparkvlm plan");
        assertThat(lines(true, Optional.of("NVRM version")))
                .singleElement()
                .asString()
                .contains("./sparkvlm plan");
    }

    private static List<String> lines(boolean local, Optional<String> nvidiaDriver, String... options)
            throws Exception {
        Path none = Path.of("");
        Machine machine = new Machine(17, "", OptionalLong.of(8_000_000_000L), none, none, nvidiaDriver, Map.of());
        EngineSettings settings = EngineOptions.of(options).settings(MODEL);
        return DryRunMemory.of(MODEL, settings, local, machine).lines(100);
    }
}
