package io.sparkvlm.job.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.evaluate.ScoredTable;
import io.sparkvlm.job.evaluate.Scoring;
import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.metric.MetricName;
import io.sparkvlm.job.text.JobRefusedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lmms-eval, VLMEvalKit and pandas read of such files, src/test/python/read_exports.py and notebooks/tests say. */
final class ExportFileTest {
    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    private static Dataset<Row> output;

    @TempDir
    private Path folder;

    @BeforeAll
    static void answer() {
        output = spark.sql(
                """
                SELECT row_id, custom_id, status, text, expected, choices, question, `index`, level, bytes,
                  IF(code IS NULL, NULL, named_struct('code', code, 'message', 'No such picture.')) AS error,
                  IF(code IS NULL, named_struct('prompt_tokens', 30L, 'completion_tokens', 4L), NULL) AS usage
                FROM VALUES
                  ('in.jsonl:90', 'c', 'error', NULL, array('4'), array('3', '4'), 'How many?', 12L, 1.5, X'00', 'image_file_not_found'),
                  ('in.jsonl:0', 'a', 'ok', '=cmd|''/c calc''!A1', array('red', 'blue'), array('red', 'blue', 'green'),
                    'Which "colour"?\tSay.\nNow.', 10L, 2.0, X'00', NULL),
                  ('in.jsonl:5', 'b', 'ok', 'B', array('blue'), array('red', 'blue'), NULL, 11L, NULL, X'00', NULL),
                  ('in.jsonl:99', 'd', 'ok', 'None', NULL, NULL, 'Who?', 13L, 0.0, X'00', NULL)
                AS t(row_id, custom_id, status, text, expected, choices, question, `index`, level, bytes, code)""");
    }

    @Test
    void samplesAreThoseOfLmmsEvalInTheOrderOfTheInput() throws Exception {
        Path file = folder.resolve("samples.jsonl");
        assertThat(export(file, MetricName.ANLS)).isEqualTo("export: " + file + " (4 rows)");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(4);
        JsonNode second = new ObjectMapper().readTree(lines.get(1));
        assertThat(second.get("doc_id").asLong()).isEqualTo(1);
        assertThat(second.get("target").asText()).isEqualTo("blue");
        assertThat(second.get("filtered_resps").asText()).isEqualTo("B");
        assertThat(second.get("resps").get(0).asText()).isEqualTo("B");
        assertThat(second.get("doc").get("index").asLong()).isEqualTo(11);
        assertThat(second.get("doc").get("level").isNull()).isTrue();
        assertThat(second.get("doc").has("bytes")).isFalse();
        assertThat(second.get("anls").asDouble()).isEqualTo(second.get("score").asDouble());
        assertThat(second.get("token_counts").get(0).get("output_tokens").asLong())
                .isEqualTo(4);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.get("target").asText()).isEqualTo("[\"red\",\"blue\"]");
        assertThat(first.get("input").asText()).startsWith("Which \"colour\"?\t");
        JsonNode failed = new ObjectMapper().readTree(lines.get(2));
        assertThat(failed.get("filtered_resps").asText()).isEmpty();
        assertThat(failed.get("score").asDouble()).isZero();
        assertThat(failed.get("error").asText()).isEqualTo("image_file_not_found: No such picture.");
        assertThat(new ObjectMapper().readTree(lines.get(3)).get("score").isNull())
                .isTrue();
    }

    @Test
    void aTableForVlmEvalKitHasItsColumnsAndItsWordForFailures() throws Exception {
        Path file = folder.resolve("answers.tsv");
        export(file, MetricName.CHOICE);
        assertThat(Files.readString(file))
                .isEqualTo(
                        """
                        "index"\t"A"\t"B"\t"C"\t"custom_id"\t"expected"\t"choices"\t"question"\t"level"\t"answer"\t"prediction"\t"score"
                        "10"\t"red"\t"blue"\t"green"\t"a"\t"[""red"",""blue""]"\t"[""red"",""blue"",""green""]"\t\
                        "Which ""colour""?\tSay.\nNow."\t"2.0"\t"[""A"",""B""]"\t"=cmd|'/c calc'!A1"\t"0.0"
                        "11"\t"red"\t"blue"\t""\t"b"\t"[""blue""]"\t"[""red"",""blue""]"\t""\t""\t"B"\t"B"\t"1.0"
                        "12"\t"3"\t"4"\t""\t"c"\t"[""4""]"\t"[""3"",""4""]"\t"How many?"\t"1.5"\t"B"\t\
                        "Failed to obtain answer via API. image_file_not_found: No such picture."\t"0.0"
                        "13"\t""\t""\t""\t"d"\t""\t""\t"Who?"\t"0.0"\t""\t"None"\t""
                        """);
    }

    @Test
    void aSpreadsheetHasNoFormulasAndSaysWhatItCuts() throws Exception {
        Path file = folder.resolve("answers.xlsx");
        Dataset<Row> longer = output.withColumn(
                "essay",
                functions.when(functions.col("custom_id").equalTo("a"), functions.repeat(functions.lit("x"), 40_000)));
        assertThat(ExportFile.of(file).write(scored(longer, MetricName.CHOICE), 4, RowId.place()))
                .contains("(4 rows; 1 text cut after the 32,767 characters that a cell of XLSX holds");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            String sheet = new String(
                    zip.getInputStream(zip.getEntry("xl/worksheets/sheet1.xml")).readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(sheet)
                    .contains("t=\"inlineStr\"", "<v>12</v>", "=cmd|", "x".repeat(32_767))
                    .doesNotContain("<f>", "x".repeat(32_768));
        }
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".unfinished"));
    }

    @Test
    void blanksAroundATextOfASpreadsheetAreKept() throws Exception {
        Path file = folder.resolve("answers.xlsx");
        Dataset<Row> blank = output.withColumn("level", functions.lit(" two\n"));
        ExportFile.of(file).write(scored(blank, MetricName.CHOICE), 4, RowId.place());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(new String(
                            zip.getInputStream(zip.getEntry("xl/worksheets/sheet1.xml"))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8))
                    .contains("<t xml:space=\"preserve\"> two&#xa;</t>");
        }
    }

    @Test
    void aColumnWhoseNameIsThatOfANumberAndHoldsNoneIsRefused() throws Exception {
        ExportFile file = ExportFile.of(folder.resolve("answers.tsv"));
        for (String other : List.of("array(1)", "named_struct('a', 1)", "true", "map('a', 1)")) {
            assertThatThrownBy(() -> file.write(
                            scored(output.withColumn("index", functions.expr(other)), MetricName.CHOICE),
                            4,
                            RowId.place()))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageStartingWith("expected numbers in the column index, ");
        }
        assertThat(file.write(
                        scored(output.withColumn("index", functions.lit("q-1")), MetricName.CHOICE), 4, RowId.place()))
                .endsWith("(4 rows)");
    }

    @Test
    void rowsOfManyPartitionsAreInTheOrderOfTheInput() throws Exception {
        int rows = 25_000;
        Dataset<Row> many = output.where("custom_id = 'd'")
                .drop("row_id", "custom_id", "index")
                .crossJoin(spark.range(rows)
                        .selectExpr("'in.jsonl:' || id * 7 AS row_id", "CAST(id AS STRING) AS custom_id")
                        .repartition(3));
        Path file = folder.resolve("samples.jsonl");
        ExportFile.of(file).write(scored(many, MetricName.EXACT), rows, RowId.place());
        ObjectMapper json = new ObjectMapper();
        int place = 0;
        for (String line : Files.readAllLines(file)) {
            JsonNode sample = json.readTree(line);
            assertThat(sample.get("doc_id").asInt()).isEqualTo(place);
            assertThat(sample.get("doc").get("custom_id").asInt()).isEqualTo(place);
            place++;
        }
        assertThat(place).isEqualTo(rows);
    }

    @Test
    void aScoreOfOnesOwnIsNotCalledByTheNameOfAMetric() throws Exception {
        Path file = folder.resolve("samples.jsonl");
        Scoring own = new Scoring(
                MetricName.EXACT, Optional.of("length(text) > 2"), "expected", Optional.empty(), Optional.empty());
        ExportFile.of(file).write(ScoredTable.of(output, own), 4, RowId.place());
        JsonNode first = new ObjectMapper().readTree(Files.readAllLines(file).get(0));
        assertThat(first.get("score").asDouble()).isEqualTo(1);
        assertThat(first.has("exact_match")).isFalse();
    }

    @Test
    void leavesTheFileThatWasThereAndNoOtherWhereRowsCannotBeRead() throws Exception {
        Path file = Files.writeString(folder.resolve("answers.tsv"), "earlier");
        UDF1<String, String> broken = id -> {
            throw new IllegalStateException("no such block");
        };
        Dataset<Row> unreadable = output.withColumn(
                "custom_id", functions.udf(broken, DataTypes.StringType).apply(functions.col("custom_id")));
        assertThatThrownBy(() -> ExportFile.of(file).write(scored(unreadable, MetricName.EXACT), 4, RowId.place()))
                .hasStackTraceContaining("no such block");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
        assertThat(file).hasContent("earlier");
    }

    @Test
    void refusesAnotherEndAndMoreRowsThanASpreadsheetHas() throws Exception {
        assertThatThrownBy(() -> ExportFile.of(Path.of("answers.csv")))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("ends in .jsonl (lmms-eval), .tsv or .xlsx (VLMEvalKit), found answers.csv");
        ExportFile file = ExportFile.of(folder.resolve("answers.XLSX"));
        assertThatThrownBy(() -> file.write(scored(output, MetricName.EXACT), 1_048_576, functions.col("row_id")))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("expected at most 1,048,575 rows for a table of XLSX, found 1,048,576");
    }

    @Test
    void refusesAFileThatCannotBeWrittenBeforeThereIsAnythingToWrite() throws Exception {
        ExportFile lost = ExportFile.of(folder.resolve("none/answers.tsv"));
        assertThatThrownBy(lost::requireWritable)
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("answers.tsv cannot be written: ")
                .hasMessageEndingWith("no such file or folder");
        ExportFile inTheWay = ExportFile.of(Files.createDirectory(folder.resolve("answers.tsv")));
        assertThatThrownBy(inTheWay::requireWritable).hasMessageEndingWith("it is a folder");

        ExportFile.of(folder.resolve("other.tsv")).requireWritable();
        assertThat(folder).isDirectoryNotContaining("glob:**other*");
    }

    private static String export(Path file, MetricName metric) throws JobRefusedException {
        return ExportFile.of(file).write(scored(output, metric), 4, RowId.place());
    }

    private static ScoredTable scored(Dataset<Row> table, MetricName metric) throws JobRefusedException {
        return ScoredTable.of(table, new Scoring(metric, "expected", Optional.of("choices"), Optional.empty()));
    }
}
