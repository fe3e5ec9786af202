package io.sparkvlm.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {
    @TempDir
    private Path folder;

    @Test
    void holdsPhasesInsideTheirStepAsEventsThatTraceViewersRead() throws IOException {
        Path file = folder.resolve("trace.json");
        try (Trace trace = TraceFile.open(file)) {
            long start = System.nanoTime();
            trace.phase(StepPhase.PLAN, start, start + 400); // too short to be seen
            trace.phase(StepPhase.DECODE, start + 400, start + 2_000_400);
            trace.step(new StepFigures(8, 9, 8, 16, 1, 2, 3, 40), start, start + 2_500_000);
        }

        JsonNode events = new ObjectMapper().readTree(file.toFile());
        assertThat(events).hasSize(2);
        assertThat(events.get(0).path("name").asText()).isEqualTo("decode");
        assertThat(events.get(0).path("ph").asText()).isEqualTo("X");
        assertThat(events.get(0).path("dur").asDouble()).isEqualTo(2000); // microseconds
        JsonNode step = events.get(1);
        assertThat(step.path("tid")).isEqualTo(events.get(0).path("tid"));
        assertThat(step.path("ts").asDouble())
                .isLessThan(events.get(0).path("ts").asDouble());
        assertThat(step.path("args").toString())
                .isEqualTo("{\"sequences\":8,\"tokens\":9,\"chosen_tokens\":8,\"cached_tokens\":16,\"encoded_media\":1,"
                        + "\"preemptions\":2,\"waiting\":3,\"free_blocks\":40}");
    }

    @Test
    void enginesThatAreGivenOneNameEachHaveAFile() throws IOException {
        Path wanted = folder.resolve("trace.json");
        TraceFile.open(wanted).close();
        TraceFile.open(wanted).close();
        assertThat(Files.readString(folder.resolve("trace.json"))).isEqualTo("[]");
        assertThat(Files.readString(folder.resolve("trace-2.json"))).isEqualTo("[]");
    }

    @Test
    void aFileThatCannotBeMadeIsNamed() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> TraceFile.open(folder.resolve("missing").resolve("trace.json")))
                .withMessageContaining("missing/trace.json");
    }
}
