package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where media are decoded changes no answer. */
final class IsolationTest {
    @TempDir
    private Path folder;

    @Test
    void answersAreTheSameWhereverMediaAreDecoded() throws IOException {
        List<Row> isolated = answers("isolated");
        assertThat(decoders())
                .as("the executor of the local mode keeps its decoders")
                .isPositive();

        List<Row> inProcess = answers("in-process", "--isolate-decoding=false");
        assertThat(decoders()).as("those of the settings before are gone").isZero();

        ReferenceRows.areAnsweredAsRecorded(isolated);
        ReferenceRows.areAnsweredAsRecorded(inProcess);
        for (String column : List.of("row_id", "text", "media", "usage")) {
            assertThat(isolated.stream().map(row -> row.<Object>getAs(column)).toList())
                    .isEqualTo(inProcess.stream()
                            .map(row -> row.<Object>getAs(column))
                            .toList());
        }
    }

    private List<Row> answers(String output, String... options) throws IOException {
        Path requests = folder.resolve("requests.jsonl");
        Files.write(requests, Reference.linesWithLogprobs());
        assertThat(Job.run(Job.generate(requests, folder.resolve(output), options)))
                .isZero();
        return Job.rows(folder.resolve(output));
    }

    private static long decoders() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("DecoderMain"))
                .count();
    }
}
