package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReferenceJobTest {
    @TempDir
    private Path folder;

    @Test
    void answersAsTransformersDidWhateverRowsAreBetween() throws IOException {
        Map<String, byte[]> bad = BadLines.byCode();
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        List<String> good = Reference.linesWithLogprobs();
        List<byte[]> between = List.copyOf(bad.values());
        for (int i = 0; i < Math.max(good.size(), between.size()); i++) {
            if (i < good.size()) {
                input.writeBytes((good.get(i) + "\n\n").getBytes(StandardCharsets.UTF_8));
            }
            if (i < between.size()) {
                input.writeBytes(between.get(i));
                input.write('\n');
            }
        }
        Path requests = Files.write(folder.resolve("requests.jsonl"), input.toByteArray());

        assertThat(Job.run(Job.generate(requests, folder.resolve("output")))).isZero();

        List<Row> rows = Job.rows(folder.resolve("output"));
        assertThat(rows).hasSize(good.size() + bad.size());
        ReferenceRows.areAnsweredAsRecorded(rows);
        List<Row> errors = rows.stream()
                .filter(row -> row.<String>getAs("status").equals("error"))
                .toList();
        assertThat(errors)
                .extracting(row -> row.<Row>getAs("error").<String>getAs("code"))
                .containsExactlyInAnyOrderElementsOf(bad.keySet());
        assertThat(errors).allSatisfy(row -> {
            assertThat(row.<String>getAs("response")).isNull();
            assertThat(row.<Row>getAs("error").<String>getAs("message")).isNotBlank();
        });
        // A line's own place in the file is its id: what stands there can be looked up.
        for (Row row : rows) {
            int offset = Integer.parseInt(row.<String>getAs("row_id").substring("requests.jsonl:".length()));
            assertThat(offset == 0 || input.toByteArray()[offset - 1] == '\n').isTrue();
        }
    }

    @Test
    void saysThatTooManyRowsAreErrors() throws IOException {
        Path requests = Files.writeString(
                folder.resolve("requests.jsonl"),
                "{}\n" + Reference.linesWithLogprobs().get(0));
        assertThat(Job.run(Job.generate(requests, folder.resolve("few"), "--max-error-fraction", "0.4")))
                .isEqualTo(3);
        assertThat(Job.run(Job.generate(requests, folder.resolve("enough"), "--max-error-fraction", "0.5")))
                .isZero();
    }

    @Test
    void refusesOptionsThatTheEngineCannotOpenWith() throws IOException {
        Path requests = Files.writeString(
                folder.resolve("requests.jsonl"), Reference.linesWithLogprobs().get(0));
        List<String> args = Job.generate(requests, folder.resolve("output"));
        args.replaceAll(arg -> arg.equals("64m") ? "1" : arg); // less than one block of keys and values
        assertThat(Job.run(args)).isEqualTo(2);
    }
}
