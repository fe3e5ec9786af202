package io.sparkvlm.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.cli.GenerateOptionsParser;
import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.job.input.DataFrameSource;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.run.DataFrameJob;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.run.Repeats;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SparkVlmTest {
    private static final AtomicInteger ROWS_READ =
            new AtomicInteger(); // by tasks, which have copies of what is not static

    private static final String CHECKPOINT = Path.of("../src/test/resources/reference/tied/checkpoint")
            .toAbsolutePath()
            .normalize()
            .toString();
    private static final String MESSAGES = "[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String BODY = "{\"messages\":" + MESSAGES + ",\"temperature\":0,\"max_tokens\":1}";

    @AutoClose
    private static SparkSession shared = LocalSpark.withCores(2);

    /** With settings of its own. */
    private final SparkSession spark = shared.newSession();

    @TempDir
    private Path folder;

    @Test
    void answersBodiesAndCarriesTheRest() throws Exception {
        Dataset<Row> requests = spark.range(3)
                .select(
                        col("id").as("row_id"),
                        lit(BODY).as("request"),
                        lit("north").as("shop"));
        List<Row> answers = answers(requests).orderBy("row_id").collectAsList();
        assertThat(answers).extracting(row -> row.<String>getAs("row_id")).containsExactly("0", "1", "2");
        assertThat(answers)
                .allMatch(row -> row.<String>getAs("status").equals("ok"))
                .allMatch(row -> row.<String>getAs("shop").equals("north"));
    }

    @Test
    void carriesAColumnThatIsCalledAsAnAnswersUnderAnotherName() throws Exception {
        String body = BODY.replace("\"hi\"", "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"column:Media\"}}]");
        Dataset<Row> requests = spark.sql("select '" + body + "' as request, binary('no picture') as Media");
        Row answer = answers(requests).first();
        assertThat(answer.<byte[]>getAs("input_Media")).asString().isEqualTo("no picture");
        // Found under the name that its author knows.
        assertThat(answer.<Row>getAs("error").<String>getAs("code")).isEqualTo("unsupported_image_media_type");
    }

    @Test
    void answersMessagesWithParametersByName() throws Exception {
        Dataset<Row> requests = spark.sql("select '" + MESSAGES + "' as messages, 1 as max_tokens, temperature from"
                + " values (0D), (9D) as t(temperature)");
        assertThat(answers(requests).select("error.code").as(Encoders.STRING()).collectAsList())
                .containsExactlyInAnyOrder(null, "decimal_above_max_value");
    }

    @Test
    void namesRowsByWhatTheyHoldHoweverTheyAreCut() throws Exception {
        Dataset<Row> requests = spark.range(40)
                .select(
                        lit(BODY).as("request"),
                        col("id").mod(20).as("k"),
                        lit(new byte[] {1, 2}).as("picture"));
        List<String> ids = rowIds(requests.repartition(1));
        assertThat(ids).doesNotHaveDuplicates().hasSize(40);
        assertThat(ids).filteredOn(id -> id.endsWith(":0")).hasSize(20);
        assertThat(ids).filteredOn(id -> id.endsWith(":1")).hasSize(20);
        assertThat(rowIds(requests.repartition(7))).isEqualTo(ids);
    }

    @Test
    void refusesAllButTheFirstOfEqualCustomIds() throws Exception {
        Dataset<Row> requests = spark.sql("select row_id, custom_id, '" + BODY + "' as body from values ('9', 'a'),"
                + " ('10', 'a'), ('11', 'b'), ('12', null), ('13', null) as t(row_id, custom_id)");
        assertThat(duplicates(requests)).containsExactly("10");
        // Equal in all columns, and still two.
        Dataset<Row> unnamed = requests.drop("row_id").where("custom_id = 'a'");
        assertThat(duplicates(unnamed)).singleElement().asString().endsWith(":1");
    }

    @Test
    void readsTheCustomIdsOfBatchLines() throws Exception {
        String line =
                "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":" + BODY + "}";
        Dataset<Row> requests =
                spark.range(2).select(col("id").as("row_id"), lit(line).as("request"));
        assertThat(duplicates(requests)).containsExactly("1");
    }

    @Test
    void runsNothingBeforeTheAnswersAreAskedFor() throws Exception {
        LongAccumulator read = spark.sparkContext().longAccumulator("read");
        MapFunction<Long, String> counted = id -> {
            read.add(1);
            return BODY;
        };
        Dataset<Row> requests = spark.range(3)
                .as(Encoders.LONG())
                .map(counted, Encoders.STRING())
                .toDF("request");
        Dataset<Row> answers = answers(requests);
        assertThat(read.value()).isZero();
        assertThat(answers.collectAsList()).hasSize(3);
        assertThat(read.value()).isPositive();
    }

    @Test
    void answersWhatAStageOfItsOwnPrepared() throws Exception {
        LongAccumulator read = spark.sparkContext().longAccumulator("read");
        MapFunction<Long, String> counted = id -> {
            read.add(1);
            return id == 7 ? "nonsense" : BODY;
        };
        Dataset<Row> requests = spark.range(40)
                .as(Encoders.LONG())
                .map(counted, Encoders.STRING())
                .selectExpr("value as request", "uuid() as row_id");
        Dataset<Row> answers =
                job(requests, EchoInference.config(), PreprocessingMode.STAGED).answers();
        long prepared = read.value();
        assertThat(prepared).isPositive();
        List<Row> once =
                answers.orderBy("row_id").select("row_id", "status", "text").collectAsList();
        assertThat(once)
                .hasSize(40)
                .filteredOn(row -> row.getString(1).equals("error"))
                .hasSize(1);
        assertThat(answers.orderBy("row_id").select("row_id", "status", "text").collectAsList())
                .isEqualTo(once);
        assertThat(read.value()).as("kept in the exchange").isEqualTo(prepared);
    }

    @Test
    void writesOnceAndReadsBack() throws Exception {
        Path output = folder.resolve("out[1]");
        Dataset<Row> requests =
                spark.range(3).select(col("id").as("row_id"), lit(BODY).as("request"));
        Dataset<Row> written =
                job(requests, EchoInference.config(), PreprocessingMode.FUSED).write(unused(output), Repeats.ANSWERED);
        assertThat(written.count()).isEqualTo(3);
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkVlm.generateTo(output.toString(), requests, Map.of("model", CHECKPOINT)))
                .withMessageContaining("is there already and not empty");
    }

    @Test
    void refusesToCopyAnswersAmongRowsThatChange() {
        String name = "of rows that change";
        CountingEngine.script(name, asked -> false);
        int rows = 3;
        UDF1<Long, Boolean> isThere = id -> ROWS_READ.incrementAndGet() <= rows || id > 0;
        Dataset<Row> requests = spark.range(rows)
                .where(udf(isThere, DataTypes.BooleanType).asNondeterministic().apply(col("id")))
                .selectExpr("'" + BODY + "' as request");
        assertThatThrownBy(() -> job(
                                requests,
                                EchoInference.config(new CountingEngine.Source(name), WebAccess.CLOSED, 7),
                                PreprocessingMode.FUSED)
                        .write(unused(folder.resolve("out")), Repeats.COPIED))
                .hasMessageStartingWith(
                        "expected a DataFrame that has the same rows whenever it is read, found 3 rows and then 2");
        assertThat(folder.resolve("out/_SUCCESS")).doesNotExist();
    }

    /** The first question's answer may be another in the next try, so that its copies are asked, too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersEqualRequestsOnceWhereTheyAreWritten(boolean fails) throws Exception {
        String name = "of frames " + fails;
        CountingEngine.Script script = CountingEngine.script(name, asked -> false, asked -> fails && asked <= 2);
        Dataset<Row> requests = spark.range(12)
                .selectExpr("id as number", "replace('" + BODY + "', 'hi', repeat('hi ', 1 + id % 2)) as request");
        List<Row> each = answers(requests)
                .select("row_id", "text", "number")
                .orderBy("row_id")
                .collectAsList();
        Path output = folder.resolve("out");

        Dataset<Row> written = job(
                        requests,
                        EchoInference.config(new CountingEngine.Source(name), WebAccess.CLOSED, 7),
                        PreprocessingMode.FUSED)
                .write(unused(output), Repeats.COPIED);

        assertThat(script.asked()).isEqualTo(fails ? 12 : 2);
        assertThat(written.where("error.code = 'server_error'").count()).isEqualTo(fails ? 2 : 0);
        assertThat(written.where("status = 'ok'").count()).isEqualTo(fails ? 10 : 12);
        assertThat(written.where("copy_of is not null").count()).isEqualTo(fails ? 0 : 10);
        assertThat(written.as("copy")
                        .join(written.as("original"), expr("copy.copy_of = original.row_id"))
                        .where("original.copy_of is null and original.number % 2 = copy.number % 2"
                                + " and original.text = copy.text")
                        .count())
                .as("copies of rows that ask the same and were asked")
                .isEqualTo(fails ? 0 : 10);
        List<Row> rows =
                written.select("row_id", "text", "number").orderBy("row_id").collectAsList();
        if (fails) {
            List<Row> answered =
                    rows.stream().filter(row -> row.getString(1) != null).toList();
            assertThat(answered).hasSize(10).isSubsetOf(each);
            assertThat(rows).extracting(row -> row.getLong(2)).containsExactlyInAnyOrderElementsOf(numbers(12));
        } else {
            assertThat(rows).isEqualTo(each);
        }
        assertThat(output.resolve("_SUCCESS")).exists();
    }

    private static List<Long> numbers(long end) {
        return LongStream.range(0, end).boxed().toList();
    }

    @Test
    void copiesAnswersOnlyWhereTheyAreWritten() throws Exception {
        Dataset<Row> requests = spark.range(2).select(lit(BODY).as("request"));
        assertThat(refusal(requests, Map.of("model", CHECKPOINT, "dedupe", "true")))
                .startsWith("expected an output with dedupe");
        spark.conf().set("spark.sparkvlm.dedupe", "true"); // for all that write
        assertThat(SparkVlm.generate(requests, Map.of("model", CHECKPOINT)).columns())
                .doesNotContain("copy_of");
    }

    @Test
    void saysThatWhatAKilledOneHasLeftDoesNotGoOn() throws Exception {
        Path output = Files.createDirectory(folder.resolve("out"));
        Files.createFile(output.resolve("part-00000-b3b4a3a6-0d0e-4f0a-9a39-6f7c5c6b7a11-c000.snappy.parquet"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkVlm.generateTo(
                        output.toString(), spark.range(1).select(lit(BODY).as("request")), Map.of("model", CHECKPOINT)))
                .withMessageContaining("was left by a job that was killed while it wrote")
                .withMessageContaining("answers to a DataFrame do not go on");
    }

    @Test
    void takesOptionsByTheirKeys() throws Exception {
        spark.conf().set("spark.sparkvlm.model", CHECKPOINT);
        spark.conf().set("spark.sparkvlm.input", "of the command line");
        spark.conf().set("spark.sparkvlm.seed", "7");
        InferenceConfig config = GenerateOptionsParser.parse(
                        Map.of(
                                "dtype",
                                "float32",
                                "strict",
                                "true",
                                "limit-mm-per-prompt",
                                "image=2,video=1",
                                "generation-config",
                                "auto",
                                "temperature",
                                "0",
                                "stop",
                                "[\"a, b\"]",
                                "enforce-eager",
                                "true",
                                "pipeline-parallel-size",
                                "1"),
                        OptionDefaults.ofSession(spark))
                .config(new Configuration());
        assertThat(place(spark, Map.of())).isEqualTo(PreprocessingMode.FUSED);
        assertThat(place(spark, Map.of("preprocessing", "staged"))).isEqualTo(PreprocessingMode.STAGED);
        spark.conf().set("spark.sparkvlm.preprocessing", "staged");
        assertThat(place(spark, Map.of())).isEqualTo(PreprocessingMode.STAGED);
        assertThat(config.preprocessing().model()).isEqualTo(CHECKPOINT);
        assertThat(config.preprocessing().config().seed()).isEqualTo(7);
        assertThat(config.preprocessing().config().strictness()).isEqualTo(Strictness.STRICT);
        assertThat(config.preprocessing().config().mediaPerPrompt().images()).isEqualTo(2);
        assertThat(config.preprocessing().config().samplingDefaults()).isEqualTo(DefaultsSource.CHECKPOINT);
        assertThat(config.preprocessing().config().sampling().json())
                .isEqualTo("{\"temperature\":0,\"stop\":[\"a, b\"]}");
    }

    @Test
    void refusesInOneLineWhatTheCommandLineRefuses() throws Exception {
        Dataset<Row> requests =
                spark.range(1).select(col("id").as("row_id"), lit(BODY).as("request"));
        assertThat(refusal(requests, Map.of())).isEqualTo("expected --model=MODEL, which must be given");
        assertThat(refusal(requests, Map.of("max-num-seq", "8")))
                .isEqualTo("unknown key \"max-num-seq\"; the nearest is \"max-num-seqs\"");
        assertThat(refusal(requests, Map.of("input", "table"))).contains("unknown key \"input\"");
        assertThat(refusal(requests, Map.of("model", "no/such/model/at/all"))).contains("no/such/model/at/all");
        assertThat(refusal(requests, Map.of("model", CHECKPOINT, "dtype", "float17")))
                .contains("float17")
                .doesNotContain("\n");
        assertThat(refusal(requests, Map.of("model", CHECKPOINT, "preprocessing", "elsewhere")))
                .contains("elsewhere");
        assertThat(refusal(requests.drop("request"), Map.of("model", CHECKPOINT)))
                .contains("expected a column request, body or messages");
        spark.conf().set("spark.sparkvlm.sed", "1");
        assertThat(refusal(requests, Map.of("model", CHECKPOINT))).contains("\"spark.sparkvlm.seed\"");
    }

    @Test
    void refusesARowThatSaysNotWhereItStood() throws Exception {
        Dataset<Row> requests = spark.range(1)
                .select(lit(null).cast("string").as("row_id"), lit(BODY).as("request"));
        Dataset<Row> answers = answers(requests);
        assertThatThrownBy(answers::collectAsList)
                .hasStackTraceContaining("expected a row_id in every row, found null");
    }

    private static PreprocessingMode place(SparkSession spark, Map<String, String> options) throws JobRefusedException {
        return GenerateOptionsParser.parse(options, OptionDefaults.ofSession(spark))
                .preprocessing(EchoInference.config());
    }

    private static String refusal(Dataset<Row> requests, Map<String, String> options) {
        try {
            SparkVlm.generate(requests, options);
            return "none";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static List<String> rowIds(Dataset<Row> requests) throws JobRefusedException {
        return answers(requests).select("row_id").as(Encoders.STRING()).collectAsList().stream()
                .sorted()
                .toList();
    }

    private static List<String> duplicates(Dataset<Row> requests) throws JobRefusedException {
        return answers(requests)
                .where("error.code = 'duplicate_custom_id'")
                .select("row_id")
                .as(Encoders.STRING())
                .collectAsList();
    }

    private static Dataset<Row> answers(Dataset<Row> requests) throws JobRefusedException {
        return job(requests, EchoInference.config(), PreprocessingMode.FUSED).answers();
    }

    private static DataFrameJob job(Dataset<Row> requests, InferenceConfig config, PreprocessingMode mode) {
        return new DataFrameJob(new DataFrameSource(requests, ColumnRoles.NONE), config, mode);
    }

    private static OutputFolder unused(Path output) throws JobRefusedException {
        return OutputFolder.unused(output.toString(), OutputFormat.PARQUET, new Configuration());
    }
}
