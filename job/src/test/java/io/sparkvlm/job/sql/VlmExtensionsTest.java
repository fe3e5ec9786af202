package io.sparkvlm.job.sql;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.SparkVlm;
import io.sparkvlm.job.demo.DemoFolder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions of SQL, answered by the demo's model. */
final class VlmExtensionsTest {
    private static final Pattern STAGE = Pattern.compile("MapPartitions ");

    /** Static, because Spark copies what a function refers to. */
    private static final AtomicInteger READ = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void open() throws Exception {
        Path model = DemoFolder.prepare(folder.resolve("demo")).model();
        spark = LocalSpark.withCoresBuilder(2)
                .config("spark.sql.extensions", VlmExtensions.class.getName())
                .config("spark.sparkvlm.model", model.toString())
                .config("spark.sparkvlm.dtype", "float32")
                .config("spark.sparkvlm.temperature", "0")
                .config("spark.sparkvlm.max-completion-tokens", "24")
                .getOrCreate();
        spark.read()
                .parquet(model.resolveSibling("pictures.parquet").toString())
                .orderBy("image.path")
                .limit(6)
                .selectExpr("row_number() over (order by image.path) as id", "image", "question", "answer")
                .write()
                .parquet(folder.resolve("cards").toString());
        spark.read().parquet(folder.resolve("cards").toString()).createOrReplaceTempView("cards");
    }

    @AfterAll
    static void close() {
        spark.stop();
    }

    private static List<Row> rows(String query) {
        return spark.sql(query).collectAsList();
    }

    /** How many stages of the job a plan has. */
    private static long stages(Dataset<Row> query) {
        return STAGE.matcher(plan(query)).results().count();
    }

    private static String plan(Dataset<Row> query) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) query)
                .queryExecution()
                .optimizedPlan()
                .toString();
    }

    @Test
    void answersAreThoseOfTheJob() {
        List<Row> generated = SparkVlm.generate(
                        spark.table("cards").withColumnRenamed("id", "row_id"),
                        Map.of("image-column", "image", "prompt-column", "question"))
                .selectExpr("cast(row_id as int)", "text", "finish_reason", "usage", "media.sha256")
                .orderBy("row_id")
                .collectAsList();

        assertThat(rows("select id, a.text, a.finish_reason, a.usage, a.media.sha256"
                        + " from (select id, vlm_chat(image, question) as a from cards) order by id"))
                .isEqualTo(generated)
                .hasSize(6);
        assertThat(rows("select id, vlm_text(image, question), answer from cards order by id"))
                .extracting(row -> row.getString(1))
                .isEqualTo(generated.stream().map(row -> row.getString(1)).toList());
    }

    @Test
    void aPictureThatIsOnlyAskedAboutIsInNoRowBehindItsAnswer() {
        assertThat(plan(spark.sql("select id, vlm_text(image, question) as t from cards")))
                .contains("sparkvlm_carried_0")
                .doesNotContain("sparkvlm_carried_1");
        assertThat(plan(spark.sql("select id, image, vlm_text(image, question) as t from cards")))
                .contains("sparkvlm_carried_1")
                .doesNotContain("sparkvlm_carried_2");
    }

    @Test
    @Tag("long")
    void aCallIsOneStageWhateverIsMadeOfIt() {
        Dataset<Row> query = spark.sql(
                "select upper(vlm_text(image, question)) as t, vlm_chat(image, question).usage as u,"
                        + " vlm_chat(image, question).error as e from cards where vlm_text(image, question) is not null");

        assertThat(stages(query)).isEqualTo(1);
        assertThat(query.collectAsList()).hasSize(6).allMatch(row -> row.isNullAt(2) && !row.isNullAt(1));
    }

    @Test
    @Tag("long")
    void severalCallsAreAnsweredOneAfterTheOther() {
        Dataset<Row> query = spark.table("cards")
                .where("id <= 2")
                .select(
                        expr("vlm_text(image, question)").as("one"),
                        expr("vlm_text(image, 'Is there a star?', named_struct('max_completion_tokens', id))")
                                .as("two"),
                        expr("vlm_chat(image, concat('Is this true? ', vlm_text(image, question)))")
                                .as("nested"));

        assertThat(stages(query)).isEqualTo(3);
        assertThat(query.collectAsList()).hasSize(2).allSatisfy(row -> {
            assertThat(row.getString(0)).isNotBlank();
            assertThat(row.getString(1)).isNotNull();
            assertThat(row.getStruct(2).<String>getAs("status")).isEqualTo("ok");
        });
    }

    @Test
    @Tag("long")
    void onlyRowsThatAreWantedAreAskedAbout() {
        spark.sql("create or replace temp view answered as select id, vlm_text(image, question) as said from cards");

        assertThat(filtersBelow(spark.sql("select said from answered where id = 3")))
                .contains("= 3)");
        assertThat(filtersBelow(spark.sql("select id from answered where said like '%blue%' and id < 3")))
                .contains("< 3)");
        assertThat(filtersBelow(spark.sql("select said from answered limit 2"))).contains("LocalLimit 2");
        assertThat(filtersBelow(spark.sql("select said from answered order by id desc limit 2")))
                .contains("LocalLimit 2", "Sort [");
        assertThat(stages(spark.sql("select id from answered"))).isZero();
        assertThat(rows("select id, said from answered order by id desc limit 2"))
                .extracting(row -> row.getInt(0))
                .containsExactly(6, 5);
    }

    /** What is done before the only stage. */
    private static String filtersBelow(Dataset<Row> query) {
        String plan = plan(query);
        assertThat(stages(query)).as(plan).isEqualTo(1);
        return plan.substring(plan.indexOf("MapPartitions "));
    }

    @Test
    @Tag("long")
    void callsMayStandWhereverAColumnMay() {
        assertThat(rows("select vlm_text(image, question) as said, count(*) as n from cards group by 1"))
                .extracting(row -> row.getLong(1))
                .satisfies(counts ->
                        assertThat(counts.stream().mapToLong(it -> it).sum()).isEqualTo(6));
        assertThat(rows("select count(vlm_text(image, question)) from cards")
                        .get(0)
                        .getLong(0))
                .isEqualTo(6);
        assertThat(rows("select id from cards where id < 4 order by vlm_text(image, question)"))
                .hasSize(3);
        assertThat(rows(
                        "select a.id from cards a join cards b on vlm_text(a.image, a.question) = b.answer and a.id = b.id"
                                + " where a.id < 4"))
                .hasSizeLessThanOrEqualTo(3);
    }

    @Test
    @Tag("long")
    void rowsWithoutAPictureAreErrorsOfTheirOwn() {
        List<Row> answered = rows("select id, a.text, a.error.code, a.error.message, a.status from (select id,"
                + " vlm_chat(if(id = 2, null, if(id = 3, binary('no picture'), image.bytes)), if(id = 4, null, question)) as a"
                + " from cards) order by id");

        assertThat(answered)
                .extracting(row -> row.getString(4))
                .containsExactly("ok", "error", "error", "error", "ok", "ok");
        assertThat(answered).filteredOn(row -> row.isNullAt(1)).allSatisfy(row -> {
            assertThat(row.getString(2)).isNotBlank();
            assertThat(row.getString(3)).isNotBlank();
        });
        assertThat(rows("select vlm_text(null, 'What is this?') as said")).containsExactly(single(null));
    }

    private static Row single(String text) {
        return org.apache.spark.sql.RowFactory.create(text);
    }

    @Test
    @Tag("long")
    void rowsOfTheDriverAreAnsweredToo() {
        byte[] picture =
                spark.sql("select image.bytes from cards where id = 1").head().getAs(0);
        Dataset<Row> local = spark.createDataFrame(
                List.of(org.apache.spark.sql.RowFactory.create((Object) picture)),
                new StructType().add("picture", DataTypes.BinaryType));

        assertThat(local.selectExpr("vlm_text(picture, 'What is in the picture?')")
                        .head()
                        .getString(0))
                .isNotBlank();
    }

    @Test
    @Tag("long")
    void theSeedOfAnAnswerComesFromWhatIsAskedUnlessItIsGiven() {
        String query = "select get_json_object(vlm_chat(image, question%s).params, '$.seed') from cards order by id";

        assertThat(rows(query.formatted("")))
                .isEqualTo(rows(query.formatted("")))
                .doesNotHaveDuplicates();
        assertThat(rows(query.formatted(", named_struct('seed', 5)"))).containsOnly(single("5"));
    }

    @Test
    @Tag("long")
    void rowsKeepTheOrderThatTheyHad() {
        Dataset<Row> sorted = spark.table("cards").orderBy("id").selectExpr("id", "vlm_text(image, question)");

        assertThat(sorted.collectAsList()).extracting(row -> row.getInt(0)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    @Tag("long")
    void aConditionMayAskAboutBothSidesOfAJoin() {
        assertThat(rows("select a.id from cards a join cards b on a.id = b.id"
                        + " and vlm_text(a.image, a.question) = vlm_text(b.image, b.question) where a.id < 4"))
                .hasSize(3);
    }

    @Test
    @Tag("long")
    void equalCallsAreOneStageAboveLimitsAndSortsToo() {
        for (String rest : List.of(
                "where vlm_text(image, question) is not null limit 2",
                "where vlm_text(image, question) is not null order by id desc",
                "order by vlm_text(image, question) limit 3")) {
            Dataset<Row> query = spark.sql("select id, vlm_text(image, question) as said from cards " + rest);

            assertThat(stages(query)).as(plan(query)).isEqualTo(1);
            assertThat(query.collectAsList()).as(rest).allMatch(row -> !row.isNullAt(1));
        }
    }

    @Test
    @Tag("long")
    void rowsThatAreSortedByTheirAnswersAreAskedAboutOnce() {
        UDF1<String, String> counted = text -> READ.incrementAndGet() < 0 ? "" : text;
        spark.udf().register("counted", udf(counted, DataTypes.StringType).asNondeterministic());

        assertThat(rows("select id, vlm_text(image, asked) as said from (select id, image, counted(question) as asked"
                        + " from cards) order by said"))
                .hasSize(6)
                .isSortedAccordingTo(Comparator.comparing(row -> row.getString(1)));
        assertThat(READ).hasValue(6);
    }

    @Test
    @Tag("long")
    void rowsKeepTheOrderOfAColumnThatIsLeftOut() {
        assertThat(rows("select vlm_chat(image, question, named_struct('max_completion_tokens', n, 'ignore_eos', true))"
                        + ".usage.completion_tokens from (select image, question, id * 4 as n from cards order by id desc"
                        + " limit 4)"))
                .extracting(row -> row.<Number>getAs(0).longValue())
                .containsExactly(24L, 20L, 16L, 12L);
    }

    @Test
    @Tag("long")
    void conditionsOfOtherValuesEachTimeAreFirstWhereTheyStandFirst() {
        assertThat(filtersBelow(spark.sql(
                        "select id from cards where rand(7) < 0.5 and vlm_text(image, question) like '%blue%'")))
                .contains("rand(7)");
        assertThat(filtersBelow(spark.sql(
                        "select id from cards where vlm_text(image, question) like '%blue%' and rand(7) < 0.5")))
                .doesNotContain("rand(7)");
    }

    @Test
    @Tag("long")
    void rowsOfAQueryThatIsUsedTwiceAreAnswered() {
        assertThat(rows("with c as (select *, uuid() as u from cards where id < 4) select a.id,"
                        + " vlm_text(a.image, a.question) as said from c a join c b on a.u = b.u"))
                .hasSize(3)
                .allMatch(row -> !row.isNullAt(1));
    }

    @Test
    @Tag("long")
    void fieldsMayBeMaps() {
        assertThat(rows("select vlm_chat(image, question, named_struct('mm_processor_kwargs',"
                        + " map('max_pixels', 7056))).status from cards where id < 3"))
                .containsOnly(single("ok"));
    }

    @Test
    void whatCannotBeAskedIsRefusedInOneLine() {
        for (String wrong : List.of(
                "vlm_text(image)",
                "vlm_text(image, id)",
                "vlm_text(image, question, map('seed', id))",
                "vlm_text(image, question, named_struct('model', 'other'))",
                "vlm_text(image, question, named_struct('n', 2))")) {
            assertThatThrownBy(() -> spark.sql("select " + wrong + " from cards"))
                    .as(wrong)
                    .isInstanceOf(AnalysisException.class)
                    .hasMessageContaining("expected ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows("select transform(array(question), q -> vlm_text(image, q)) from cards"))
                .withMessageContaining("elements of arrays");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows("select vlm_text(first(image), first(question)) from cards"))
                .withMessageContaining("results of aggregates");
    }
}
