package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputStart;
import io.sparkvlm.job.run.summary.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GenerateJobTest {
    private static final String GOOD =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0,\"max_tokens\":1}\n";

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(3);

    private final StringWriter said = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void writesARowForEachRowAndCountsThem() throws Exception {
        Path input = Files.writeString(folder.resolve("in.jsonl"), GOOD + "{}\n" + GOOD + "nonsense\n" + GOOD);
        JobSummary summary = run(input, Optional.empty());
        assertThat(summary.answered()).isEqualTo(3);
        assertThat(summary.errors()).isEqualTo(Map.of("invalid_json_line", 1L, "missing_required_parameter", 1L));
        assertThat(summary.errorFraction()).isEqualTo(0.4);
        assertThat(summary.tokens().completion()).isEqualTo(3);
        assertThat(summary.text())
                .contains("5 rows in ")
                .contains("3 answered, 2 errors (1 invalid_json_line, 1 missing_required_parameter)")
                .contains(String.format(
                        "%ninvalid_json_line, as of in.jsonl:%d: ", 2 * GOOD.length() + 3)) // behind {} and its end
                .contains("output: " + folder.resolve("out"));
        assertThat(JobSummary.parse(summary.toJson(), summary.output()).text())
                .as("what a job says that finds its output finished")
                .contains(summary.example().orElseThrow().message());
        Dataset<Row> output = spark.read().parquet(folder.resolve("out").toString());
        assertThat(output.count()).isEqualTo(5);
    }

    @Test
    void carriesTheFieldsOfLinesThatAreNotTheRequests() throws Exception {
        Path input = Files.createDirectory(folder.resolve("in"));
        String body = GOOD.strip();
        Files.writeString(
                input.resolve("a.jsonl"),
                "{\"custom_id\":\"1\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":" + body
                        + ",\"expected\":\"caf\\u00e9\",\"Text\":1,\"score\":1,\"tags\":[1, 2],\"mixed\":1}\n"
                        + "nonsense\n"
                        + GOOD.replaceFirst(
                                "\\{",
                                "{\"custom_id\":\"mine\",\"expected\":null,\"score\":0.5,\"mixed\":\"x\",\"user\":\"u\",")
                        + "{\"custom_id\":\"1\",\"body\":{},\"expected\":\"twice\",\"big\":9007199254740993}\n");
        Files.writeString(input.resolve("b.jsonl"), GOOD);
        run(input, Optional.empty());
        Dataset<Row> output =
                spark.read().parquet(folder.resolve("out").toString()).orderBy("row_index");
        assertThat(output.schema().simpleString())
                .endsWith("attempts:int,row_index:bigint,input_Text:bigint,big:bigint,input_custom_id:string,"
                        + "expected:string,mixed:string,score:double,tags:string,user:string>");
        assertThat(said.toString())
                .contains("the input's column Text is carried as input_Text")
                .contains("the input's column custom_id is carried as input_custom_id");
        assertThat(output.selectExpr("to_json(struct(row_index, input_Text, big, input_custom_id, expected, mixed,"
                                + " score, tags, user)) as json")
                        .as(Encoders.STRING())
                        .collectAsList())
                .containsExactly(
                        "{\"row_index\":0,\"input_Text\":1,\"expected\":\"caf\u00e9\",\"mixed\":\"1\",\"score\":1.0,"
                                + "\"tags\":\"[1, 2]\"}",
                        "{\"row_index\":1}",
                        "{\"row_index\":2,\"input_custom_id\":\"mine\",\"mixed\":\"\\\"x\\\"\",\"score\":0.5,\"user\":\"u\"}",
                        "{\"row_index\":3,\"big\":9007199254740993,\"expected\":\"twice\"}",
                        "{\"row_index\":4}");
    }

    @Test
    void leavesOutColumnsThatRequestsNameNevertheless() throws Exception {
        String messages = "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
                + "{\"url\":\"column:picture\"}}]}]";
        byte[] picture = Files.readAllBytes(Path.of("../preprocessing/src/test/resources/images/rgba.png"));
        Path input = table(
                "messages string, picture binary, status string, gold string",
                RowFactory.create(messages, picture, "mine", "yes"));
        assertThatThrownBy(() -> run(input, dropping("picture", "nothing")))
                .isInstanceOf(JobRefusedException.class)
                .hasMessage("expected --drop-columns to name columns that are carried (picture, status, gold,"
                        + " row_index), found nothing");
        assertThat(run(input, dropping("picture", "status")).answered()).isEqualTo(1);
        assertThat(spark.read()
                        .parquet(folder.resolve("out").toString())
                        .schema()
                        .simpleString())
                .endsWith("attempts:int,gold:string,row_index:bigint>");
    }

    @Test
    void numbersTheRowsInTheOrderOfTheInput() throws Exception {
        Path input = Files.createDirectory(folder.resolve("in"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1500; i++) { // several tasks' share
            lines.append("{\"k\":" + i + ",\"messages\":[]}\n");
        }
        Files.writeString(input.resolve("a.jsonl"), lines);
        Files.writeString(input.resolve("b.jsonl"), "{\"k\":1500,\"messages\":[]}\n");
        run(input, Optional.empty());
        Dataset<Row> ofLines = spark.read().parquet(folder.resolve("out").toString());
        assertThat(ofLines.where("row_index = k").count()).isEqualTo(1501);
        Files.move(folder.resolve("out"), folder.resolve("first"));

        spark.range(0, 1000, 1, 3)
                .selectExpr("id as k", "'[]' as messages", "7 as row_index")
                .write()
                .parquet(folder.resolve("table").toString());
        run(folder.resolve("table"), Optional.of(900L));
        Dataset<Row> ofTable = spark.read().parquet(folder.resolve("out").toString());
        assertThat(ofTable.where("row_index = k and input_row_index = 7").count())
                .isEqualTo(900);
    }

    @Test
    void publishesNothingOfWhatAKilledJobLeftBehind() throws Exception {
        Path input = Files.writeString(folder.resolve("in.jsonl"), GOOD);
        Path left =
                Files.createDirectories(folder.resolve("out/_temporary/0/task_202601010000000000000_0000_m_000000"));
        Files.writeString(left.resolve("part-00000-left.parquet"), "left");
        Files.writeString(folder.resolve("out/_sparkvlm.json"), "left, too");
        assertThat(run(input, Optional.empty()).rows()).isEqualTo(1);
        assertThat(folder.resolve("out")).isDirectoryNotContaining("glob:**-left.parquet");
        assertThat(folder.resolve("out/_sparkvlm.json"))
                .content()
                .contains("in.jsonl")
                .doesNotContain("left");
    }

    @Test
    void readsAllParquetFilesHoweverDeepWithTheColumnsOfAll() throws Exception {
        Path input = folder.resolve("in[1]");
        String messages = "[{\"role\":\"user\",\"content\":\"hi\"}]";
        spark.sql("select '" + messages + "' as messages, 1 as max_tokens")
                .write()
                .parquet(input.resolve("a").toString());
        spark.sql("select '" + messages + "' as messages, 1 as max_tokens, 9.0D as temperature")
                .write()
                .parquet(input.resolve("b/c").toString());

        JobSummary summary = run(input, Optional.empty());

        assertThat(summary.answered()).isEqualTo(1);
        assertThat(summary.errors()).isEqualTo(Map.of("decimal_above_max_value", 1L));
    }

    @Test
    void refusesAllButTheFirstOfEqualCustomIds() throws Exception {
        // The ids stand at bytes of one, two and three digits: their order is not that of their names.
        StringBuilder lines = new StringBuilder();
        for (String id : List.of("a", "b", "a", "c", "b", "a")) {
            lines.append(line(id));
        }
        Path input = Files.writeString(folder.resolve("in.jsonl"), lines);
        assertThat(run(input, Optional.empty()).errors()).isEqualTo(Map.of("duplicate_custom_id", 3L));
        List<Row> answered = spark.read()
                .parquet(folder.resolve("out").toString())
                .where("status = 'ok'")
                .select("custom_id", "row_id")
                .orderBy("custom_id")
                .collectAsList();
        int line = lines.length() / 6;
        assertThat(answered)
                .containsExactly(
                        RowFactory.create("a", "in.jsonl:0"),
                        RowFactory.create("b", "in.jsonl:" + line),
                        RowFactory.create("c", "in.jsonl:" + 3 * line));
        assertThat(spark.read()
                        .parquet(folder.resolve("out").toString())
                        .where("status = 'error' and custom_id = 'b'")
                        .select("error.message")
                        .first()
                        .getString(0))
                .endsWith("in.jsonl:" + line);
    }

    @Test
    void theFirstOfEqualCustomIdsOfATableIsItsFirstRow() throws Exception {
        Path input = folder.resolve("in");
        // One a column's, the other a Batch line's; of the same file in several row groups.
        spark.range(0, 40, 1, 1)
                .selectExpr(
                        "if(id = 11, '" + line("7").strip() + "', '" + GOOD.strip() + "') as body",
                        "id % 10 as custom_id")
                .write()
                .option("parquet.block.size", 512)
                .option("parquet.page.size.row.check.min", 1)
                .parquet(input.toString());
        assertThat(run(input, Optional.empty()).errors()).isEqualTo(Map.of("duplicate_custom_id", 30L));
        assertThat(answeredRows())
                .map(id -> Integer.parseInt(id.substring(id.lastIndexOf(':') + 1)))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void whatIsNoIdIsNotRepeated() throws Exception {
        byte[] notUtf8 = line("a").replace("hi", "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        String tooLong = line("b".repeat(513));
        Path input = folder.resolve("in.jsonl");
        try (OutputStream out = Files.newOutputStream(input)) {
            out.write(notUtf8);
            out.write((line("a") + tooLong + tooLong + line("b".repeat(512))).getBytes(StandardCharsets.UTF_8));
        }
        JobSummary summary = run(input, Optional.empty());
        assertThat(summary.errors()).isEqualTo(Map.of("invalid_json_line", 1L, "string_above_max_length", 2L));
        assertThat(summary.answered()).isEqualTo(2);
    }

    @Test
    void aLineWhoseIdIsNoneTakesNoOthersFromTheTable() throws Exception {
        Path input = table(
                "body string, custom_id string",
                RowFactory.create(line("b".repeat(600)), "x"),
                RowFactory.create(line("\\ud800"), "x"),
                RowFactory.create(GOOD, "x"));
        JobSummary summary = run(input, Optional.empty());
        assertThat(summary.errors()).isEqualTo(Map.of("string_above_max_length", 1L, "invalid_value", 1L));
        assertThat(summary.answered()).isEqualTo(1);
    }

    @Test
    void idsThatPandasLeftOutAreNotRepeated() throws Exception {
        Path input = table(
                "body string, custom_id double",
                RowFactory.create(GOOD, Double.NaN),
                RowFactory.create(GOOD, Double.NaN),
                RowFactory.create(GOOD, 3.0));
        assertThat(run(input, Optional.empty()).answered()).isEqualTo(3);
    }

    @Test
    void whatUnicodeLacksIsRefusedFromATableAsFromALine() throws Exception {
        String hostile = "[{\"role\":\"user\",\"content\":\"a\\ud800b\"}]";
        String sound = "[{\"role\":\"user\",\"content\":\"\u00e9 \ud83d\ude00\"}]";
        Path input = table("messages string", RowFactory.create(hostile), RowFactory.create(sound));
        JobSummary summary = run(input, Optional.empty());
        assertThat(summary.errors()).isEqualTo(Map.of("invalid_value", 1L));
        assertThat(summary.answered()).isEqualTo(1);
    }

    @Test
    void whatABodyMayNotSayNoColumnMaySayEither() throws Exception {
        String messages = "[{\"role\":\"user\",\"content\":\"hi\"}]";
        Path input = table(
                "messages string, bad_words array<string>, echo string",
                RowFactory.create(messages, List.of("no"), "mine"),
                RowFactory.create(messages, null, "mine"));
        JobSummary summary = run(input, Optional.empty());
        assertThat(summary.errors()).isEqualTo(Map.of("unsupported_parameter", 1L));
        assertThat(summary.answered()).isEqualTo(1);
    }

    private Path table(String schema, Row... rows) {
        Path table = folder.resolve("in");
        spark.createDataFrame(List.of(rows), StructType.fromDDL(schema))
                .coalesce(1)
                .write()
                .parquet(table.toString());
        return table;
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstRequest() throws Exception {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "\uFEFF" + line("a") + line("a"));
        assertThat(run(input, Optional.empty()).errors()).isEqualTo(Map.of("duplicate_custom_id", 1L));
    }

    @Test
    void aBareBodyHasNoCustomIdThatItCouldRepeat() throws Exception {
        String bare = GOOD.replaceFirst("\\{", "{\"custom_id\":\"a\",");
        Path input = Files.writeString(folder.resolve("in.jsonl"), bare + bare);
        assertThat(run(input, Optional.empty()).answered()).isEqualTo(2);
    }

    @Test
    void takesTheFirstRowsOnly() throws Exception {
        Path input = Files.writeString(folder.resolve("in.jsonl"), GOOD + GOOD + "nonsense\n");
        assertThat(run(input, Optional.of(2L)).rows()).isEqualTo(2);
    }

    @Test
    void writesTheTwoFilesOfABatchInTheOrderOfTheInput() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append("{\"custom_id\":\"" + i + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                    + (i % 4 == 0 ? "{}" : GOOD.strip()) + "}\n");
        }
        Path input = Files.writeString(folder.resolve("in.jsonl"), lines);
        assertThat(run(input, Optional.empty(), OutputFormat.OPENAI_BATCH).errorRows())
                .isEqualTo(10);
        assertThat(folder.resolve("out/_sparkvlm/table")).doesNotExist();
        List<String> answers = Files.readAllLines(folder.resolve("out/output.jsonl"));
        assertThat(answers).hasSize(30);
        assertThat(answers.get(0))
                .matches("\\{\"id\":\"batch_req_[0-9a-f]{32}\",\"custom_id\":\"1\",\"response\":\\{\"status_code\":200,"
                        + "\"request_id\":\"[0-9a-f]{32}\",\"body\":\\{\"id\":\"chatcmpl-.*\\}},\"error\":null}");
        assertThat(answers).map(GenerateJobTest::customId).isSortedAccordingTo(Comparator.comparing(Integer::valueOf));
        List<String> errors = Files.readAllLines(folder.resolve("out/errors.jsonl"));
        assertThat(errors).map(GenerateJobTest::customId).hasSize(10).startsWith("0", "4", "8", "12");
        assertThat(errors.get(0))
                .contains("\"status_code\":400")
                .contains("\"body\":{\"error\":{\"message\":")
                .contains("\"type\":\"invalid_request_error\",\"param\":\"messages\","
                        + "\"code\":\"missing_required_parameter\"}}},\"error\":null}");
    }

    @Test
    void writesOneFileWithALineForEachRowAndEndsAtOnceWhenItIsThere() throws Exception {
        Path input = Files.writeString(folder.resolve("in.jsonl"), GOOD + "{}\n" + GOOD);
        Path output = Files.createDirectory(folder.resolve("results")).resolve("answers.jsonl");
        Configuration hadoop = new Configuration();
        OutputFolder file = OutputFolder.of(output.toString(), OutputFormat.BATCH_FILE, hadoop);
        run(input, Optional.empty(), file, EchoInference.config());
        GenerateJob again = job(input, Optional.empty(), file, EchoInference.config());
        assertThat(again.finished(hadoop).orElseThrow().rows()).isEqualTo(3);
        assertThat(output.getParent().toFile().list())
                .containsExactlyInAnyOrder("answers.jsonl", "_answers.jsonl_work");
        assertThat(Files.readAllLines(output))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"status_code\":200"),
                        line -> assertThat(line).contains("\"status_code\":400"),
                        line -> assertThat(line).contains("\"status_code\":200"));
        assertThatThrownBy(() -> OutputFolder.unused(output.toString(), OutputFormat.BATCH_FILE, hadoop))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> OutputFolder.written(output.toString(), hadoop))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("found the file")
                .hasMessageContaining("run generate with --output-format parquet");
        Files.delete(output);
        assertThat(again.finished(hadoop)).as("for another file").isEmpty();
    }

    @Test
    void writesBothFilesOfABatchForAnEmptyInput() throws Exception {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "\n");
        run(input, Optional.empty(), OutputFormat.OPENAI_BATCH);
        assertThat(folder.resolve("out/output.jsonl")).isEmptyFile();
        assertThat(folder.resolve("out/errors.jsonl")).isEmptyFile();
    }

    @Test
    void writesAnEmptyTableForAnEmptyInput() throws Exception {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "\n");
        assertThat(run(input, Optional.empty()).errorFraction()).isZero();
        assertThat(spark.read()
                        .parquet(folder.resolve("out").toString())
                        .schema()
                        .fieldNames())
                .contains("row_id", "attempts");
    }

    @Test
    void keepsTheTypesOfColumnsThatAreAllNull() throws Exception {
        Path good = Files.writeString(folder.resolve("good.jsonl"), GOOD);
        Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{}\n");
        run(good, Optional.empty());
        String answered =
                spark.read().parquet(folder.resolve("out").toString()).schema().simpleString();
        Files.move(folder.resolve("out"), folder.resolve("first"));
        run(bad, Optional.empty());
        assertThat(spark.read()
                        .parquet(folder.resolve("out").toString())
                        .schema()
                        .simpleString())
                .isEqualTo(answered)
                .startsWith("struct<row_id:string,custom_id:string,status:string,status_code:int,text:string,"
                        + "finish_reason:string,response:string,usage:struct<prompt_tokens:bigint,")
                .endsWith("params:string,warnings:array<string>,attempts:int,row_index:bigint>");
    }

    private static String line(String customId) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + GOOD.strip() + "}\n";
    }

    private List<String> answeredRows() {
        return spark.read()
                .parquet(folder.resolve("out").toString())
                .where("status = 'ok'")
                .select("row_id")
                .orderBy("row_id")
                .as(Encoders.STRING())
                .collectAsList();
    }

    private static String customId(String line) {
        return line.replaceAll(".*\"custom_id\":\"(\\d+)\".*", "$1");
    }

    private JobSummary run(Path input, Optional<Long> limit)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        return run(input, limit, OutputFormat.PARQUET);
    }

    private static InferenceConfig dropping(String... columns) {
        InferenceConfig all = EchoInference.config();
        PreprocessingSettings preprocessing = all.preprocessing();
        return new InferenceConfig(
                new PreprocessingSettings(
                        preprocessing.model(), preprocessing.config(), preprocessing.roots(), Set.of(columns)),
                all.engine(),
                all.inFlight());
    }

    private JobSummary run(Path input, InferenceConfig config)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        return run(input, Optional.empty(), OutputFormat.PARQUET, config);
    }

    private JobSummary run(Path input, Optional<Long> limit, OutputFormat format)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        return run(input, limit, format, EchoInference.config());
    }

    private JobSummary run(Path input, Optional<Long> limit, OutputFormat format, InferenceConfig config)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        return run(
                input, limit, OutputFolder.of(folder.resolve("out").toString(), format, new Configuration()), config);
    }

    private JobSummary run(Path input, Optional<Long> limit, OutputFolder output, InferenceConfig config)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        return EchoJob.run(job(input, limit, output, config), spark, said);
    }

    private static GenerateJob job(Path input, Optional<Long> limit, OutputFolder output, InferenceConfig config)
            throws JobRefusedException {
        return new GenerateJob(
                new InputSelection(
                        RequestFiles.find(input.toString(), InputFormat.AUTO, new Configuration()),
                        ColumnRoles.NONE,
                        limit),
                output,
                OutputStart.Existing.KEPT,
                config,
                PreprocessingMode.FUSED);
    }
}
