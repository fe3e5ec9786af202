package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the pixels are made, the answers are the same. */
final class PreprocessingTest {
    @TempDir
    private Path folder;

    private Path requests;
    private Path media;

    @BeforeEach
    void writeGoodAndBadRequests() throws IOException {
        media = Files.createDirectory(folder.resolve("media"));
        try (Stream<Path> files = Files.list(Reference.media())) {
            for (Path file : files.toList()) {
                Files.copy(file, media.resolve(file.getFileName()));
            }
        }
        List<byte[]> lines = new ArrayList<>(BadLines.byCode().values());
        for (String line : Reference.linesWithLogprobs()) {
            lines.add(line.getBytes(StandardCharsets.UTF_8));
        }
        ObjectNode again = (ObjectNode) Reference.JSON.readTree(lines.get(lines.size() - 1));
        again.put("custom_id", "the same media again");
        ((ObjectNode) again.get("body")).put("mystery", 1);
        lines.add(again.toString().getBytes(StandardCharsets.UTF_8));
        lines.add(lines.get(lines.size() - 1)); // a custom_id for the second time
        requests = folder.resolve("requests.jsonl");
        try (var out = Files.newOutputStream(requests)) {
            for (byte[] line : lines) {
                out.write(line);
                out.write('\n');
            }
        }
    }

    @Test
    void fusedStagedAndPreparedAnswerTheSame() throws IOException {
        assertThat(Job.run(generate(requests, "fused"))).isZero();
        assertThat(Job.run(generate(requests, "staged", "--preprocessing", "staged")))
                .isZero();
        assertThat(Job.run(prepare("table"))).isZero();
        try (Stream<Path> files = Files.list(media)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(Job.run(generate(folder.resolve("table"), "prepared"))).isZero();

        List<Row> fused = Job.rows(folder.resolve("fused"));
        ReferenceRows.areAnsweredAsRecorded(fused);
        assertThat(fused)
                .hasSize(
                        Reference.linesWithLogprobs().size() + BadLines.byCode().size() + 2);
        List<String> answers = fused.stream().map(PreprocessingTest::told).toList();
        assertThat(answersOf("staged")).isEqualTo(answers);
        assertThat(answersOf("prepared")).isEqualTo(answers);
        ReferenceRows.areAnsweredAsRecorded(Job.rows(folder.resolve("prepared")));
    }

    @Test
    void aPreparedTableIsRefusedWhereItDoesNotFit() throws IOException {
        assertThat(Job.run(prepare("table", "--max-model-len", "4096", "--limit", "2", "--seed", "5")))
                .isZero();
        Path table = folder.resolve("table");
        assertThat(Job.run(generate(table, "shorter", "--max-model-len", "2048")))
                .isEqualTo(2);
        assertThat(Job.run(generate(table, "longer", "--limit", "1")))
                .as("its only row is an error")
                .isEqualTo(3);
        assertThat(Job.rows(folder.resolve("longer"))).hasSize(1);
        JsonNode record =
                Reference.JSON.readTree(folder.resolve("longer/_sparkvlm.json").toFile());
        assertThat(record.at("/input/prepared-for").textValue())
                .isEqualTo(Reference.checkpoint().toString());
        assertThat(record.at("/input/prepared-with/seed").textValue())
                .as("the table's")
                .isEqualTo("5");
        assertThat(record.at("/input/prepared-with/max-model-len").textValue()).isEqualTo("4096");
        assertThat(record.at("/settings/limit").longValue()).isEqualTo(1);

        Path other = folder.resolve("other");
        FileUtils.copyDirectory(Reference.checkpoint().toFile(), other.toFile());
        Path template = other.resolve("chat_template.json");
        Files.writeString(template, Files.readString(template).replace("helpful", "careful"));
        List<String> args = generate(table, "other-template");
        args.replaceAll(arg -> arg.equals(Reference.checkpoint().toString()) ? other.toString() : arg);
        assertThat(Job.run(args)).isEqualTo(2);

        List<String> twice = prepare("twice");
        twice.replaceAll(arg -> arg.equals(requests.toString()) ? table.toString() : arg);
        assertThat(Job.run(twice)).isEqualTo(2);
    }

    private List<String> generate(Path input, String output, String... others) {
        List<String> args = Job.generate(input, folder.resolve(output), others);
        args.replaceAll(arg -> arg.equals(Reference.media().toString()) ? media.toString() : arg);
        return args;
    }

    private List<String> prepare(String output, String... others) {
        List<String> args = new ArrayList<>(List.of(
                "prepare",
                "--model",
                Reference.checkpoint().toString(),
                "--served-model-name",
                "tiny",
                "--allowed-local-media-path",
                media.toString(),
                "--input",
                requests.toString(),
                "--output",
                folder.resolve(output).toString()));
        args.addAll(List.of(others));
        return args;
    }

    private List<String> answersOf(String output) {
        return Job.rows(folder.resolve(output)).stream()
                .map(PreprocessingTest::told)
                .toList();
    }

    /**
     * All that a row says but times, what it found in the cache, and log-probabilities, whose last digits hang on what else
     * is in the batch.
     */
    private static String told(Row row) {
        List<Object> values = new ArrayList<>();
        for (String column : List.of(
                "row_id",
                "custom_id",
                "status",
                "status_code",
                "text",
                "finish_reason",
                "error",
                "media",
                "params",
                "warnings",
                "attempts")) {
            values.add(row.getAs(column));
        }
        if (!row.isNullAt(row.fieldIndex("response"))) {
            Row usage = row.getAs("usage");
            values.add(usage.getAs("vision_tokens"));
            values.add(row.<String>getAs("response").replaceAll("\"(created|logprob|cached_tokens)\":[-+.E\\d]+", ""));
        }
        return values.toString();
    }
}
