package io.sparkvlm.spark;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.IncurableException;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.spark.MediaRows.Remote;
import io.sparkvlm.spark.settings.InFlightLimits;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.CarriedNames;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class VlmStagesTest {
    private static final SparkSession SPARK = LocalSpark.session();
    /** Without weights, which only an engine needs. */
    private static final StructType REQUESTS = new StructType()
            .add(Columns.ROW_ID, DataTypes.StringType)
            .add(Columns.REQUEST, DataTypes.BinaryType)
            .add("shop", DataTypes.StringType);

    private static final String GOOD = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":4}";

    @Test
    void answersEveryRowInTheLayoutOfTheOutput() {
        FakeEngine.answering("layout");
        Dataset<Row> output = answers(requests(GOOD, "{}", "no json", GOOD), "layout");
        assertThat(output.schema()).isEqualTo(Columns.OUTPUT.add("shop", DataTypes.StringType));
        List<Row> rows = collectInOrder(output);
        assertThat(rows).extracting(row -> row.<String>getAs("row_id")).containsExactly("r0", "r1", "r2", "r3");
        assertThat(rows).extracting(row -> row.<String>getAs("custom_id")).containsExactly("r0", "r1", "r2", "r3");
        assertThat(rows).extracting(row -> row.<String>getAs("shop")).containsOnly("north");
        assertThat(rows).extracting(row -> row.<Integer>getAs("status_code")).containsExactly(200, 400, 400, 200);
        assertThat(rows).extracting(row -> row.<Integer>getAs("attempts")).containsOnly(1);
        for (Row row : rows) {
            assertThat(row.isNullAt(row.fieldIndex("response"))).isNotEqualTo(row.isNullAt(row.fieldIndex("error")));
        }
        Row answer = rows.get(0);
        assertThat(answer.<Row>getAs("usage").<Long>getAs("completion_tokens")).isEqualTo(1);
        assertThat(answer.<Row>getAs("timing").<Double>getAs("queue_ms")).isEqualTo(1);
        assertThat(answer.<Row>getAs("timing").<Double>getAs("total_ms")).isGreaterThan(3);
        assertThat(rows.get(1).<Row>getAs("error").<String>getAs("code")).isEqualTo("missing_required_parameter");
        assertThat(rows.get(1).<Row>getAs("error").<String>getAs("param")).isEqualTo("messages");
        assertThat(rows.get(2).<Row>getAs("error").<String>getAs("code")).isEqualTo("invalid_json_line");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        FakeEngine.answering("utf8");
        Dataset<Row> table = SPARK.createDataFrame(
                List.of(
                        RowFactory.create("bad", new byte[] {'{', (byte) 0xC3, '}'}, "north"),
                        RowFactory.create("null", null, "north")),
                REQUESTS);
        assertThat(answers(table, "utf8").select("error.code").distinct().collectAsList())
                .containsExactly(RowFactory.create("invalid_json_line"));
    }

    @Test
    void aTableThatIsKeptKnowsWhatItsColumnsWereCalledInTheInput() throws IOException {
        StructField renamed = CarriedNames.of(List.of(DataTypes.createStructField("text", DataTypes.StringType, true)))
                .get(0);
        Dataset<Row> table =
                requests(GOOD).withColumn(renamed.name(), lit("x")).withMetadata(renamed.name(), renamed.metadata());
        StructType kept = VlmStages.prepareToKeep(
                        table, config("kept", 8).preprocessing(), InferenceMetrics.register(SPARK.sparkContext()))
                .schema();
        assertThat(CarriedNames.inputName(kept.apply("input_text"))).isEqualTo("text");
    }

    @Test
    void asksTheEngineOnceForEachGoodRowAlsoWhenWritten(@TempDir Path folder) {
        FakeEngine.Script script = FakeEngine.answering("once");
        Dataset<Row> table = requests(goodRows(40)).repartition(4);
        InferenceMetrics metrics = InferenceMetrics.register(SPARK.sparkContext());
        VlmStages.answer(table, config("once", 8), metrics)
                .write()
                .parquet(folder.resolve("out").toString());
        assertThat(script.submitted).hasValue(40);
        assertThat(script.opened).hasValue(1);
        assertThat(metrics.rows().value()).isEqualTo(40);
        assertThat(metrics.completionTokens().value()).isEqualTo(40);
        assertThat(SPARK.read().parquet(folder.resolve("out").toString()).count())
                .isEqualTo(40);
        assertThat(script.submitted).hasValue(40);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void keepsNoMoreRowsInTheEngineThanAllowed() {
        // Answers three at a time, somewhat later: a fourth would have come by then.
        Executor later = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);
        List<Runnable> asked = new ArrayList<>();
        FakeEngine.Script script = FakeEngine.script("bounded", task -> {
            CompletableFuture<Outcome<Generation>> answer = new CompletableFuture<>();
            synchronized (asked) {
                asked.add(() -> answer.complete(Outcome.ok(FakeEngine.answer(task))));
                if (asked.size() == 3) {
                    asked.forEach(later::execute);
                    asked.clear();
                }
            }
            return answer;
        });
        VlmStages.answer(
                        requests(goodRows(21)).coalesce(1),
                        config("bounded", 3),
                        InferenceMetrics.register(SPARK.sparkContext()))
                .collectAsList();
        assertThat(script.mostRunning).hasValue(3);
    }

    @Test
    void staysTheSameAcrossAnExchange() {
        FakeEngine.answering("exchange");
        Dataset<Row> prepared = VlmStages.prepare(requests(GOOD, "{\"messages\":[]}"), preprocessing());
        Dataset<Row> output = VlmStages.infer(
                prepared.repartition(3), config("exchange", 8), InferenceMetrics.register(SPARK.sparkContext()));
        assertThat(collectInOrder(output))
                .extracting(row -> row.<String>getAs("status"))
                .containsExactly("ok", "error");
    }

    @Test
    void exchangesRowsToTasksOfEqualCostWithoutPreparingOneTwice() {
        FakeEngine.answering("balanced");
        LongAccumulator read = SPARK.sparkContext().longAccumulator();
        String[] lines = IntStream.range(0, 400)
                .mapToObj(i -> GOOD.replace("hi", "word ".repeat(i % 20 == 0 ? 900 : 1)))
                .toArray(String[]::new);
        Dataset<Row> requests = requests(lines)
                .repartition(5)
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> {
                            List<Row> all = new ArrayList<>();
                            rows.forEachRemaining(all::add);
                            read.add(all.size());
                            return all.iterator();
                        },
                        Encoders.row(REQUESTS));

        InferenceMetrics metrics = InferenceMetrics.register(SPARK.sparkContext());
        Dataset<Row> exchanged = VlmStages.exchange(VlmStages.prepare(requests, preprocessing()), 4, metrics);

        assertThat(read.value()).isEqualTo(400);
        assertThat(metrics.exchangedRows().value()).isEqualTo(400);
        assertThat(metrics.rows().value()).isZero();
        assertThat(exchanged.javaRDD().getNumPartitions()).isEqualTo(4);
        List<Long> costs = exchanged
                .javaRDD()
                .mapPartitions(rows -> {
                    long cost = 0;
                    while (rows.hasNext()) {
                        cost += rows.next().<Integer>getAs("prepared_prompt_tokens") + 4;
                    }
                    return List.of(cost).iterator();
                })
                .collect();
        long all = costs.stream().mapToLong(Long::longValue).sum();
        assertThat(costs).allSatisfy(cost -> assertThat(cost).isBetween(all / 4 * 9 / 10, all / 4 * 11 / 10));
        List<Row> answers = VlmStages.infer(
                        exchanged, config("balanced", 8), InferenceMetrics.register(SPARK.sparkContext()))
                .collectAsList();
        assertThat(answers)
                .extracting(row -> row.<String>getAs("status"))
                .hasSize(400)
                .containsOnly("ok");
        assertThat(answers).extracting(row -> row.<String>getAs("row_id")).doesNotHaveDuplicates();
        assertThat(read.value()).isEqualTo(400);
    }

    @Test
    void exchangesRowsWithoutAdaptiveExecutionToo() {
        FakeEngine.answering("plain");
        SPARK.conf().set("spark.sql.adaptive.enabled", false);
        try {
            InferenceMetrics metrics = InferenceMetrics.register(SPARK.sparkContext());
            Dataset<Row> exchanged =
                    VlmStages.exchange(VlmStages.prepare(requests(goodRows(40)), preprocessing()), 4, metrics);
            assertThat(exchanged.javaRDD().getNumPartitions()).isEqualTo(4);
            assertThat(VlmStages.infer(exchanged, config("plain", 8), metrics).count())
                    .isEqualTo(40);
        } finally {
            SPARK.conf().unset("spark.sql.adaptive.enabled");
        }
    }

    @Test
    void goesOnWithANewEngineWhenOneBreaks() {
        AtomicInteger asked = new AtomicInteger();
        FakeEngine.Script script = FakeEngine.script(
                "broken",
                task -> asked.incrementAndGet() == 3
                        ? FakeEngine.broken()
                        : CompletableFuture.completedFuture(Outcome.ok(FakeEngine.answer(task))));
        List<Row> rows = answers(requests(goodRows(5)).coalesce(1), "broken").collectAsList();
        assertThat(rows).extracting(row -> row.<String>getAs("row_id")).doesNotHaveDuplicates();
        assertThat(rows)
                .extracting(row -> row.<String>getAs("status") + row.<Integer>getAs("attempts"))
                .hasSize(5)
                .containsOnly("ok1");
        assertThat(rows)
                .extracting(row -> row.<String>getAs("text"))
                .containsOnly(rows.get(0).<String>getAs("text"));
        assertThat(script.opened).hasValue(2);
        assertThat(script.closed).hasValue(1);
    }

    @Test
    void aRowThatBreaksEveryEngineIsAnErrorAndTheOthersAreAnswered() {
        FakeEngine.Script script = FakeEngine.script("breaking", task -> {
            FakeEngine.answer(task); // which the row's text must not keep
            return task.stop().maxTokens() == 3
                    ? FakeEngine.broken()
                    : CompletableFuture.completedFuture(Outcome.ok(FakeEngine.generation(task)));
        });
        String[] lines = goodRows(40);
        lines[7] = GOOD.replace("4", "3");
        lines[31] = GOOD.replace("4", "3");
        List<Row> rows = collectInOrder(answers(requests(lines).repartition(2), "breaking"));
        assertThat(rows)
                .filteredOn(row -> row.<String>getAs("status").equals("error"))
                .extracting(row ->
                        row.<String>getAs("row_id") + row.<Row>getAs("error").<String>getAs("code"))
                .containsExactlyInAnyOrder("r7server_error", "r31server_error");
        assertThat(rows).hasSize(40);
        assertThat(script.opened.get()).isLessThanOrEqualTo(1 + 2 * 3);
    }

    @Test
    void aTaskFailsOnceItsEnginesBreakWithoutAnAnswerBetween() {
        FakeEngine.Script script = FakeEngine.script("always-broken", task -> FakeEngine.broken());
        assertThatThrownBy(() -> answers(requests(goodRows(9)).coalesce(1), "always-broken")
                        .collectAsList())
                .hasStackTraceContaining("7 engines broke one after the other");
        assertThat(script.opened)
                .as("by four attempts of the task")
                .hasValueGreaterThan(7)
                .hasValueLessThanOrEqualTo(4 * 7);
    }

    @Test
    void opensNoOtherEngineWhereNoneCanHelp() {
        FakeEngine.Script script = FakeEngine.script(
                "incurable",
                task -> CompletableFuture.failedFuture(
                        new EngineException("the engine failed", new IncurableException("no numbers"))));
        assertThatThrownBy(() -> answers(requests(GOOD), "incurable").collectAsList())
                .hasStackTraceContaining("no numbers");
        assertThat(script.opened).as("by four attempts of the task").hasValueLessThanOrEqualTo(4);
    }

    @Test
    void writesTheEnginesRejectionAndTheDefectOfOneRow() {
        AtomicInteger asked = new AtomicInteger();
        FakeEngine.script("defects", task -> switch (asked.getAndIncrement()) {
            case 0 ->
                CompletableFuture.completedFuture(
                        Outcome.rejected(Rejection.of(EngineCode.ENGINE_OUT_OF_MEMORY, "too large")));
            case 1 -> CompletableFuture.failedFuture(new IllegalStateException("a defect"));
            case 2 ->
                CompletableFuture.completedFuture(Outcome.rejected(Rejection.of(EngineCode.SERVER_ERROR, "no number")));
            default -> CompletableFuture.completedFuture(Outcome.ok(FakeEngine.answer(task)));
        });
        List<Row> errors = answers(requests(goodRows(4)).coalesce(1), "defects")
                .where("status = 'error'")
                .select("error.code", "error.type", "status_code", "error.message")
                .collectAsList();
        assertThat(errors)
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("engine_out_of_memory", "server_error", "server_error");
        assertThat(errors).extracting(row -> row.getString(1)).containsOnly("server_error");
        assertThat(errors).extracting(row -> row.getInt(2)).containsExactlyInAnyOrder(503, 500, 500);
        assertThat(errors)
                .filteredOn(row -> row.getInt(2) == 500)
                .extracting(row -> row.getString(3))
                .allMatch(message -> message.matches("[^_]+ req_[0-9a-f-]{36}"))
                .anyMatch(message -> message.startsWith("no number"))
                .noneMatch(message -> message.contains("a defect"));
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void cancelsItsRowsWhenTheJobIsCancelled() throws Exception {
        FakeEngine.Script script = FakeEngine.script("silent", task -> new CompletableFuture<>());
        String group = "to-be-cancelled";
        Thread job = new Thread(() -> {
            SPARK.sparkContext().setJobGroup(group, "never ends", false);
            assertThatThrownBy(() ->
                            answers(requests(goodRows(6)).coalesce(1), "silent").collectAsList())
                    .hasMessageContaining("cancelled");
        });
        job.start();
        waitUntil(() -> script.running.get() == 6);
        SPARK.sparkContext().cancelJobGroup(group);
        job.join();
        waitUntil(() -> script.running.get() == 0);
        assertThat(script.cancelled).hasValue(6);
        // Its share of the engine is given back: another configuration gets its turn.
        FakeEngine.answering("after-silent");
        assertThat(answers(requests(GOOD), "after-silent").count()).isEqualTo(1);
        assertThat(script.closed).hasValue(1);
    }

    @Test
    void opensNoEngineForAnEmptyTable() {
        FakeEngine.Script script = FakeEngine.answering("empty");
        assertThat(answers(requests(), "empty").collectAsList()).isEmpty();
        assertThat(script.opened).hasValue(0);
    }

    /** Sorted here: a sort of Spark's would run the model twice. */
    private static List<Row> collectInOrder(Dataset<Row> output) {
        return output.collectAsList().stream()
                .sorted(Comparator.comparing(row -> row.<String>getAs(Columns.ROW_ID)))
                .toList();
    }

    private static void waitUntil(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    private static Dataset<Row> answers(Dataset<Row> requests, String engine) {
        return VlmStages.answer(requests, config(engine, 8), InferenceMetrics.register(SPARK.sparkContext()));
    }

    private static InferenceConfig config(String engine, int rowsInFlight) {
        return new InferenceConfig(
                preprocessing(),
                new FakeEngine.Source(engine),
                new InFlightLimits(rowsInFlight, 1 << 20, Duration.ofMinutes(5)));
    }

    private static PreprocessingSettings preprocessing() {
        return MediaRows.settings(Remote.CLOSED, "");
    }

    private static String[] goodRows(int count) {
        return IntStream.range(0, count).mapToObj(i -> GOOD).toArray(String[]::new);
    }

    private static Dataset<Row> requests(String... lines) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            rows.add(RowFactory.create("r" + i, lines[i].getBytes(StandardCharsets.UTF_8), "north"));
        }
        return SPARK.createDataFrame(rows, REQUESTS);
    }
}
