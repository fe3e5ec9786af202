package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other inputs than plain lines come to the same answers. */
final class TableInputTest {
    @TempDir
    private Path folder;

    @Test
    void readsCompressedLinesUpToALimit() throws IOException {
        Path input = folder.resolve("requests.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(input))) {
            for (String line : Reference.linesWithLogprobs()) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(Job.run(Job.generate(input, folder.resolve("output"), "--limit", "2")))
                .isZero();
        List<Row> rows = Job.rows(folder.resolve("output"));
        assertThat(rows)
                .extracting(row -> row.<String>getAs("custom_id"))
                .containsExactlyInAnyOrder("text", "text-string");
        assertThat(rows).extracting(row -> row.<String>getAs("row_id")).contains("requests.jsonl.gz:0");
    }

    @Test
    void readsATableWithPicturesInAColumnAndKeepsItsOthers() throws IOException {
        byte[] picture = Files.readAllBytes(Reference.media().resolve("scene.png"));
        ObjectNode body = (ObjectNode) bodyOf("image-png");
        ((ObjectNode) body.at("/messages/0/content/0/image_url")).put("url", "column:picture");
        StructType schema = new StructType()
                .add("body", DataTypes.StringType)
                .add("picture", DataTypes.BinaryType)
                .add("shop", DataTypes.StringType);
        write(
                List.of(
                        RowFactory.create(body.toString(), picture, "north"),
                        RowFactory.create(body.toString(), null, "south")),
                schema);

        assertThat(Job.run(Job.generate(folder.resolve("table"), folder.resolve("output"))))
                .isZero();

        List<Row> rows = Job.rows(folder.resolve("output"));
        Row answered = rows.get(0);
        assertThat(answered.<String>getAs("text"))
                .isEqualTo(Reference.expected().get("image-png").get("text").textValue());
        assertThat(answered.<String>getAs("custom_id")).isEqualTo(answered.<String>getAs("row_id"));
        assertThat(answered.<String>getAs("shop")).isEqualTo("north");
        assertThat(answered.<byte[]>getAs("picture")).isEqualTo(picture);
        assertThat(answered.<Row>getList(answered.fieldIndex("media")).get(0).<String>getAs("ref"))
                .isEqualTo("column:picture");
        assertThat(rows.get(1).<Row>getAs("error").<String>getAs("code")).isEqualTo("invalid_image_url");
        assertThat(rows.get(1).<String>getAs("shop")).isEqualTo("south");
    }

    @Test
    void putsRequestsTogetherFromColumns() throws IOException {
        JsonNode body = bodyOf("text");
        StructType schema = new StructType()
                .add("messages", DataTypes.StringType)
                .add("temperature", DataTypes.DoubleType)
                .add("max_completion_tokens", DataTypes.IntegerType)
                .add("custom_id", DataTypes.StringType);
        int tokens = body.get("max_completion_tokens").intValue();
        write(List.of(RowFactory.create(body.get("messages").toString(), 0.0, tokens, "mine")), schema);

        assertThat(Job.run(Job.generate(folder.resolve("table"), folder.resolve("output"))))
                .isZero();

        Row answered = Job.rows(folder.resolve("output")).get(0);
        assertThat(answered.<String>getAs("custom_id")).isEqualTo("mine");
        assertThat(answered.<String>getAs("text"))
                .isEqualTo(Reference.expected().get("text").get("text").textValue());
    }

    @Test
    void asksPromptsAboutPicturesInColumns() throws IOException {
        JsonNode body = bodyOf("image-png");
        StructType image = new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType);
        StructType schema = new StructType()
                .add("image", image)
                .add("what", DataTypes.StringType)
                .add("temperature", DataTypes.DoubleType)
                .add("max_completion_tokens", DataTypes.IntegerType)
                .add("gold", DataTypes.StringType);
        int tokens = body.get("max_completion_tokens").intValue();
        byte[] picture = Files.readAllBytes(Reference.media().resolve("scene.png"));
        write(
                List.of(
                        RowFactory.create(RowFactory.create(picture, "a.png"), "image", 0.0, tokens, "bytes"),
                        RowFactory.create(RowFactory.create(null, "scene.png"), "image", 0.0, tokens, "path"),
                        RowFactory.create(RowFactory.create(picture, null), null, 0.0, tokens, "null"),
                        RowFactory.create(RowFactory.create(null, "/etc/passwd"), "image", 0.0, tokens, "closed")),
                schema);

        assertThat(Job.run(Job.generate(
                        folder.resolve("table"),
                        folder.resolve("output"),
                        "--image-column=image",
                        "--prompt=Describe the {what}.")))
                .isZero();

        Map<String, Row> rows = Job.rows(folder.resolve("output")).stream()
                .collect(Collectors.toMap(row -> row.getAs("gold"), row -> row));
        for (String answered : List.of("bytes", "path")) {
            assertThat(rows.get(answered).<String>getAs("text"))
                    .as(answered)
                    .isEqualTo(Reference.expected().get("image-png").get("text").textValue());
        }
        assertThat(code(rows.get("null"))).isEqualTo("invalid_value");
        assertThat(code(rows.get("closed"))).isEqualTo("url_not_allowed");
        Row shown = rows.get("path");
        assertThat(shown.<Row>getList(shown.fieldIndex("media")).get(0).<String>getAs("ref"))
                .isEqualTo("scene.png");
    }

    private static String code(Row row) {
        return row.<Row>getAs("error").getAs("code");
    }

    private static JsonNode bodyOf(String customId) throws IOException {
        for (String line : Files.readAllLines(Reference.requests())) {
            JsonNode request = Reference.JSON.readTree(line);
            if (request.get("custom_id").textValue().equals(customId)) {
                return request.get("body");
            }
        }
        throw new IllegalArgumentException("no recorded request is called " + customId);
    }

    private void write(List<Row> rows, StructType schema) throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            spark.createDataFrame(rows, schema)
                    .coalesce(1)
                    .write()
                    .parquet(folder.resolve("table").toString());
        }
    }
}
