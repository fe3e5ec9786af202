package io.sparkvlm.job.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.metric.MetricName;
import io.sparkvlm.job.text.JobRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScoredTableTest {
    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    @Test
    void errorRowsAreWrongAndRowsWithoutGoldAreNotScored() throws Exception {
        Dataset<Row> output = spark.sql(
                """
                SELECT * FROM VALUES
                  ('a', 'ok', 'blue', 'blue', 'colour'), ('b', 'ok', 'red', 'blue', 'colour'),
                  ('c', 'error', NULL, '4', 'count'), ('d', 'ok', '4', '4', 'count'), ('e', 'ok', '4', '4', NULL),
                  ('f', 'ok', 'x', NULL, 'colour'), ('g', 'error', NULL, NULL, 'colour')
                AS t(custom_id, status, text, expected, `kind of`)""");
        ScoredTable table = ScoredTable.of(output, scoring(MetricName.EXACT, "expected"));
        Score total = table.total();
        assertThat(total.rows()).isEqualTo(7);
        assertThat(total.errors()).isEqualTo(1);
        assertThat(total.withoutGold()).isEqualTo(2);
        assertThat(total.mean()).isEqualTo(0.6);
        // statsmodels 0.14: proportion_confint(3, 5, method="wilson")
        assertThat(total.low()).isCloseTo(0.23072, within(1e-5));
        assertThat(total.high()).isCloseTo(0.88238, within(1e-5));
        Map<String, Score> kinds = table.by("kind of");
        assertThat(kinds.keySet()).containsExactly("(null)", "colour", "count");
        assertThat(kinds.get("colour").mean()).isEqualTo(0.5);
        assertThat(kinds.get("count").mean()).isEqualTo(0.5);
        assertThat(kinds.get("(null)").mean()).isEqualTo(1);
        assertThat(new ScoreReport("out", scoring(MetricName.EXACT, "expected"), total, Map.of()).text())
                .contains("all rows    60.0 %    23.1 % to 88.2 %           5         1")
                .contains("2 rows without a gold answer are not scored");
    }

    @Test
    void anExpressionScoresInThePlaceOfTheMetric() throws Exception {
        Dataset<Row> output = spark.sql(
                """
                SELECT * FROM VALUES
                  ('ok', 'It is blue.', 'blue', 0.5), ('ok', 'red', 'blue', NULL), ('error', NULL, 'red', 1.0),
                  ('ok', 'four', '4', 7.0), ('ok', 'x', NULL, 1.0)
                AS t(status, text, expected, grade)""");
        Score contained = own(output, "contains(text, expected)");
        assertThat(contained.scored()).isEqualTo(4);
        assertThat(contained.errors()).isEqualTo(1);
        assertThat(contained.mean()).isEqualTo(0.25);
        assertThat(own(output, "grade").mean()).isEqualTo((0.5 + 0 + 0 + 1) / 4);
        assertThat(own(output, "double('NaN')").mean()).isZero();
        assertThat(own(output, "try_cast(text AS DOUBLE)").mean()).isZero();
        assertThatThrownBy(() -> own(output, "cast(text AS DOUBLE)"))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("found \"cast(text AS DOUBLE)\": [CAST_INVALID_INPUT]")
                .hasMessageContaining("try_cast, try_divide and the like are null");
        for (String wrong : new String[] {"nowhere + 1", "text =", "avg(grade)", "array(1)"}) {
            assertThatThrownBy(() -> own(output, wrong))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageContaining("--score")
                    .hasMessageContaining(wrong);
        }
    }

    private static Score own(Dataset<Row> output, String expression) throws JobRefusedException {
        return ScoredTable.of(
                        output,
                        new Scoring(
                                MetricName.EXACT,
                                Optional.of(expression),
                                "expected",
                                Optional.empty(),
                                Optional.empty()))
                .total();
    }

    @Test
    void gradedScoresHaveTheIntervalOfTheirMeanAndClustersAWiderOne() throws Exception {
        Dataset<Row> output = spark.sql(
                """
                SELECT 'ok' AS status, picture, text, array('abcd', 'wxyz') AS expected FROM VALUES
                  ('p', 'abcd'), ('p', 'abcd'), ('p', 'abce'), ('q', 'zzzz'), ('q', 'wwww'), ('r', 'wxyz')
                AS t(picture, text)""");
        Score alone =
                ScoredTable.of(output, scoring(MetricName.ANLS, "expected")).total();
        // numpy: s = [1, 1, .75, 0, 0, 1]; s.mean() -+ 1.959964 * sqrt(((s - s.mean()) ** 2).sum()) / 6
        assertThat(alone.mean()).isCloseTo(0.625, within(1e-12));
        assertThat(alone.low()).isCloseTo(0.2643764, within(1e-6));
        assertThat(alone.high()).isCloseTo(0.9856236, within(1e-6));
        Score clustered = ScoredTable.of(
                        output, new Scoring(MetricName.ANLS, "expected", Optional.empty(), Optional.of("picture")))
                .total();
        // the same over the sums of s - s.mean() of p, q and r: .875, -1.25, .375
        assertThat(clustered.mean()).isCloseTo(0.625, within(1e-12));
        assertThat(clustered.low()).isCloseTo(0.1117424, within(1e-6));
        assertThat(clustered.high()).isEqualTo(1);
        Score ofOneCluster = ScoredTable.of(
                        output.withColumn("picture", functions.lit("p")),
                        new Scoring(MetricName.ANLS, "expected", Optional.empty(), Optional.of("picture")))
                .total();
        assertThat(List.of(ofOneCluster.low(), ofOneCluster.high())).containsExactly(0.0, 1.0);
    }

    @Test
    void goldAnswersOfAnyTypeAreReadAsTexts() throws Exception {
        Dataset<Row> output = spark.sql(
                """
                SELECT 'ok' AS status, '7' AS text, 7L AS number, array(named_struct('answer', '7', 'id', 1),
                  named_struct('answer', '7', 'id', 2), named_struct('answer', '7', 'id', 3),
                  named_struct('answer', '7', 'id', 4)) AS people, X'37' AS bytes, 1 AS place,
                  array('6', '7') AS choices, 'B' AS letter""");
        assertThat(mean(output, MetricName.EXACT, "number")).isEqualTo(1);
        assertThat(mean(output, MetricName.VQA, "people")).isEqualTo(1);
        assertThat(ScoredTable.of(
                                output.withColumn("text", output.col("letter")),
                                new Scoring(MetricName.CHOICE, "place", Optional.of("choices"), Optional.empty()))
                        .total()
                        .mean())
                .isEqualTo(1);
        assertThatThrownBy(() -> mean(output, MetricName.EXACT, "bytes"))
                .isInstanceOf(JobRefusedException.class)
                .hasMessage("expected a column of texts for --gold, found bytes in bytes");
        assertThatThrownBy(() -> mean(output, MetricName.EXACT, "numbr"))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageStartingWith("expected --gold to name a column of the table, found \"numbr\"; the nearest is"
                        + " \"number\"");
    }

    @Test
    void goldAnswersMayLieInATableOfTheirOwn(@TempDir Path folder) throws Exception {
        Dataset<Row> output = spark.sql(
                "SELECT * FROM VALUES ('a', 'ok', 'x'), ('b', 'ok', 'y'), ('c', 'ok', 'z') AS t(custom_id, status, text)");
        Path csv = Files.writeString(folder.resolve("gold.csv"), "custom_id,text\na,x\nb,\"y\"\"\ny\"\n");
        Dataset<Row> joined = new GoldTable(csv.toString(), "custom_id").beside(output, spark);
        assertThat(mean(joined, MetricName.EXACT, "gold_text")).isEqualTo(0.5);
        Path lines = Files.writeString(
                folder.resolve("gold.jsonl"), "{\"custom_id\":\"a\",\"answer\":[\"x\",\"y\"]}\n".repeat(2));
        assertThatThrownBy(() -> new GoldTable(lines.toString(), "custom_id").beside(output, spark))
                .isInstanceOf(JobRefusedException.class)
                .hasMessage("expected a row for each custom_id in " + lines + ", found 2 for a");
        assertThatThrownBy(() -> new GoldTable(folder + "/none.jsonl", "custom_id").beside(output, spark))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("none.jsonl cannot be read: ");
    }

    private static double mean(Dataset<Row> output, MetricName metric, String gold) throws JobRefusedException {
        return ScoredTable.of(output, scoring(metric, gold)).total().mean();
    }

    private static Scoring scoring(MetricName metric, String gold) {
        return new Scoring(metric, gold, Optional.empty(), Optional.empty());
    }
}
