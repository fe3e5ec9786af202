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
        assertThat(lines(false, Optional.empty())).singleElement().asString().contains("--device-memory");
        assertThat(lines(true, Optional.of("NVRM version")))
                .singleElement()
                .asString()
                .contains("--device-memory");
    }

    @Test
    void plansADeviceWhoseMemoryIsSaid() throws Exception {
        assertThat(lines(true, Optional.empty(), OptionalLong.of(24_000_000_000L), "--device", "cuda"))
                .first()
                .asString()
                .endsWith("on 1 x cuda of 24.0 GB");
        assertThat(lines(false, Optional.empty(), OptionalLong.of(80_000_000_000L)))
                .first()
                .asString()
                .endsWith("on 1 x cuda of 80.0 GB");
        assertThat(lines(false, Optional.empty(), OptionalLong.of(64_000_000_000L), "--device", "cpu"))
                .first()
                .asString()
                .endsWith("on 1 x cpu of 64.0 GB");
    }

    private static List<String> lines(boolean local, Optional<String> nvidiaDriver, String... options)
            throws Exception {
        return lines(local, nvidiaDriver, OptionalLong.empty(), options);
    }

    private static List<String> lines(
            boolean local, Optional<String> nvidiaDriver, OptionalLong said, String... options) throws Exception {
        Path none = Path.of("");
        Machine machine = new Machine(17, "", OptionalLong.of(8_000_000_000L), none, none, nvidiaDriver, Map.of());
        EngineSettings settings = EngineOptions.of(options).settings(MODEL);
        return DryRunMemory.of(MODEL, settings, said, local, machine).lines(100);
    }
}
