package io.sparkvlm.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.PromptTemplate;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.ColumnValue;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.RequestTable;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of pictures as other programs write them. */
final class PictureTableTest {
    @TempDir
    private Path folder;

    @Test
    void findsThePicturesOfATableOfHuggingFace() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            Dataset<Row> table = RequestSources.of(table(), roles("image", "Is this a {label}?"))
                    .read(spark, note -> {});
            assertThat(table.schema().fieldNames())
                    .containsExactly("row_id", "request_json", "image", "images", "raw", "big", "label");
            List<Row> rows = table.orderBy(Columns.ROW_ID).collectAsList();
            RequestTable requests = RequestTable.of(table.schema());

            RequestRow first = request(requests, rows.get(0));
            assertThat(first.json()).contains("\"column:image\"").contains("Is this a cat?");
            assertThat(found(first, "image")).isEqualTo("bytes one");
            assertThat(found(first, "image.path")).isEqualTo("location one.png");
            assertThat(found(first, "images[0]")).isEqualTo("bytes first");
            assertThat(found(first, "images[0].bytes")).isEqualTo("bytes first");
            assertThat(found(first, "images[1]")).isEqualTo("location second.png");
            assertThat(found(first, "images[2]")).endsWith("found an array of 2 elements, counted from 0");
            assertThat(found(first, "raw")).isEqualTo("bytes raw");
            assertThat(found(first, "big")).isEqualTo("bytes big");
            assertThat(first.columns().bytes()).isEqualTo("onefirstrawbig".length());

            RequestRow last = request(requests, rows.get(2));
            assertThat(found(last, "image")).endsWith("in the column image, found null");
            assertThat(found(last, "images[0].bytes")).endsWith("found null");
            assertThat(requests.read(rows.get(1)).<String>fold(RequestRow::json, rejection -> rejection.message()))
                    .isEqualTo("expected a value in the column label, which --prompt names, found null");
        }
    }

    @Test
    void takesAFolderOfFilesAsSparkReadsThem() throws Exception {
        Files.writeString(folder.resolve("a.png"), "picture");
        try (SparkSession spark = LocalSpark.withCores(1)) {
            Dataset<Row> table = new DataFrameSource(
                            spark.read().format("binaryFile").load(folder.toString()), roles("content", "{path}?"))
                    .read();
            RequestRow row = request(RequestTable.of(table.schema()), table.first());
            assertThat(row.json()).contains("/a.png?").contains("\"column:content\"");
            assertThat(found(row, "content")).isEqualTo("bytes picture");
        }
    }

    @Test
    void takesACsvByAQueryOfSpark() throws Exception {
        Path file =
                Files.writeString(folder.resolve("q.csv"), "id,picture,question,gold\n7,a.png,\"Red, or blue?\",red\n");
        try (SparkSession spark = LocalSpark.withCores(1)) {
            TableSelection query = new TableSelection(
                    TableSelection.Kind.QUERY,
                    "SELECT * FROM csv.`" + file + "` WITH (header = true)",
                    Optional.of("id"),
                    roles("picture", "{question}"),
                    Optional.empty());
            Dataset<Row> table = TableRows.of(query, Optional.empty(), spark).requests();
            Row row = table.first();
            assertThat(row.<String>getAs(Columns.ROW_ID)).isEqualTo("7");
            assertThat(row.<String>getAs("gold")).isEqualTo("red");
            assertThat(request(RequestTable.of(table.schema()), row).json())
                    .contains("\"column:picture\"", "Red, or blue?");
        }
    }

    @Test
    void marksTheRowsThatRepeatACustomId() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            Dataset<Row> frame =
                    spark.sql("select * from values ('1', 'a'), ('2', 'b'), ('3', 'a') as (row_id, custom_id)");
            ColumnRoles roles =
                    new ColumnRoles(List.of(), List.of(), Optional.of(PromptTemplate.parse("?")), Optional.empty());
            assertThat(new DataFrameSource(frame, roles)
                            .read()
                            .where("duplicate_of is not null")
                            .collectAsList())
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.<String>getAs("row_id")).isEqualTo("3");
                        assertThat(row.<String>getAs("duplicate_of")).isEqualTo("1");
                    });
        }
    }

    @Test
    void takesLinesOfJsonForRowsOfATable() throws Exception {
        Files.writeString(
                folder.resolve("a.jsonl"),
                """
                {"custom_id": "one", "image": "a.png", "pages": ["b.png", "c.png"], "label": "cat", "text": "x", "seed": 7}
                {"image": "d.png", "pages": [], "label": 3}
                {"label": "dog"}
                {"image": "e.png", "label": null, "Label": "other"}
                not json
                [{"image": "f.png"}]
                """);
        List<String> notes = new ArrayList<>();
        try (SparkSession spark = LocalSpark.withCores(1)) {
            Dataset<Row> table = RequestSources.of(lines(), roles("image,pages", "Is this a {label}?"))
                    .read(spark, notes::add);
            assertThat(table.schema().simpleString())
                    .isEqualTo("struct<row_id:string,custom_id:string,request_json:struct<json:string,fault:string>,"
                            + "Label:string,image:string,input_label:string,pages:array<string>,input_text:string>");
            assertThat(notes)
                    .containsExactly(
                            "the input's column label is carried as input_label, because another column has its name",
                            "the input's column text is carried as input_text, because another column has its name");
            List<Row> rows = table.orderBy(RowId.place()).collectAsList();
            RequestTable requests = RequestTable.of(table.schema());

            RequestRow first = request(requests, rows.get(0));
            assertThat(first.json())
                    .isEqualTo("{\"seed\":7,\"messages\":[{\"role\":\"user\",\"content\":["
                            + "{\"type\":\"image\",\"image\":\"column:image\"},"
                            + "{\"type\":\"image\",\"image\":\"column:pages[0]\"},"
                            + "{\"type\":\"image\",\"image\":\"column:pages[1]\"},"
                            + "{\"type\":\"text\",\"text\":\"Is this a cat?\"}]}]}");
            assertThat(first.customId()).contains("one");
            assertThat(found(first, "image")).isEqualTo("location a.png");
            assertThat(found(first, "pages[1]")).isEqualTo("location c.png");
            assertThat(request(requests, rows.get(1)).json()).contains("Is this a 3?");
            assertThat(rows.get(0).<String>getAs("input_label")).isEqualTo("\"cat\"");
            assertThat(found(request(requests, rows.get(2)), "image")).endsWith("in the column image, found null");
            assertThat(requests.read(rows.get(3)).<String>fold(RequestRow::json, rejection -> rejection.message()))
                    .isEqualTo("expected a value in the column label, which --prompt names, found null");
            assertThat(request(requests, rows.get(4)).json()).isEqualTo("not json");
            assertThat(request(requests, rows.get(5)).json()).isEqualTo("[{\"image\": \"f.png\"}]");
        }
    }

    @Test
    void takesPicturesThatLinesOfJsonHaveAsObjects() throws Exception {
        Files.writeString(
                folder.resolve("a.jsonl"),
                """
                {"image": {"bytes": "iVBORw0KGgo=", "path": "a.png"}, "pages": [{"url": "https://x/b.png"}, "c.png"]}
                {"image": {"path": "d.png", "bytes": null}, "pages": []}
                {"image": "e.png", "pages": ["f.png"]}
                {"image": {"path": null}, "pages": null}
                """);
        try (SparkSession spark = LocalSpark.withCores(1)) {
            Dataset<Row> table =
                    RequestSources.of(lines(), roles("image,pages", "?")).read(spark, note -> {});
            String file = "struct<bytes:string,path:string,url:string>";
            assertThat(table.schema().simpleString())
                    .isEqualTo("struct<row_id:string,request_json:struct<json:string,fault:string>,image:" + file
                            + ",pages:array<" + file + ">>");
            List<Row> rows = table.orderBy(RowId.place()).collectAsList();
            RequestTable requests = RequestTable.of(table.schema());
            RequestRow first = request(requests, rows.get(0));
            assertThat(found(first, "image")).isEqualTo("location iVBORw0KGgo=");
            assertThat(found(first, "image.path")).isEqualTo("location a.png");
            assertThat(found(first, "pages[0]")).isEqualTo("location https://x/b.png");
            assertThat(found(first, "pages[1]")).isEqualTo("location c.png");
            assertThat(found(request(requests, rows.get(1)), "image")).isEqualTo("location d.png");
            assertThat(request(requests, rows.get(1)).json()).doesNotContain("column:pages");
            assertThat(found(request(requests, rows.get(2)), "image")).isEqualTo("location e.png");
            assertThat(found(request(requests, rows.get(3)), "image")).endsWith("in the column image, found null");
        }
    }

    @Test
    void refusesPicturesThatAreOtherJson() throws Exception {
        Files.writeString(
                folder.resolve("a.jsonl"),
                """
                {"image": {"src": "https://x/a.png", "height": 84}}
                {"image": "b.png"}
                """);
        try (SparkSession spark = LocalSpark.withCores(1)) {
            RequestSource source = RequestSources.of(lines(), roles("image", "?"));
            assertThatThrownBy(() -> source.read(spark, note -> {}))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageStartingWith(
                            "expected the column image to hold paths, URLs or base64 as strings, or objects as")
                    .hasMessageEndingWith("found other JSON");
        }
    }

    @Test
    void refusesAColumnThatNoLineHas() throws Exception {
        Files.writeString(folder.resolve("a.jsonl"), "{\"picture\": \"a.png\"}\n");
        try (SparkSession spark = LocalSpark.withCores(1)) {
            RequestSource source = RequestSources.of(lines(), roles("image", "?"));
            assertThatThrownBy(() -> source.read(spark, note -> {}))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageContaining("--image-column \"image\": found nothing named image among picture string");
        }
    }

    private RequestFiles lines() throws JobRefusedException {
        return RequestFiles.find(folder.toString(), InputFormat.AUTO, new Configuration());
    }

    private static ColumnRoles roles(String images, String prompt) throws JobRefusedException {
        return new ColumnRoles(
                List.of(images.split(",")), List.of(), Optional.of(PromptTemplate.parse(prompt)), Optional.empty());
    }

    private static RequestFiles table() throws JobRefusedException, URISyntaxException {
        String file =
                PictureTableTest.class.getResource("pictures.parquet").toURI().getPath();
        return RequestFiles.find(file, InputFormat.AUTO, new Configuration());
    }

    private static RequestRow request(RequestTable table, Row row) {
        return table.read(row).fold(request -> request, rejection -> {
            throw new AssertionError(rejection.message());
        });
    }

    private static String found(RequestRow row, String path) {
        return row.columns()
                .find(path)
                .fold(
                        value -> "bytes " + new String(value.bytes(), StandardCharsets.US_ASCII),
                        location -> "location " + location.url(),
                        ColumnValue.Unusable::reason);
    }
}
