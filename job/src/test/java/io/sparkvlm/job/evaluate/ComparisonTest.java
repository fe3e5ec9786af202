package io.sparkvlm.job.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.metric.MetricName;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Holds comparisons to the values of numpy and statsmodels, by the lines in the comments. */
final class ComparisonTest {
    private static final Scoring EXACT = new Scoring(MetricName.EXACT, "expected", Optional.empty(), Optional.empty());

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    @Test
    void tellsTheDifferenceOfTwoRunsAndHowSureItIs() throws Exception {
        // d = [-1] * 12 + [1] * 30 + [0] * 158; percentile(choice(d, (100000, 200)).mean(1), [2.5, 97.5])
        Dataset<Row> first = answers("if(id < 12 or id >= 42 and id < 142, 'x', 'y')", 200);
        Dataset<Row> second = answers("if(id >= 12 and id < 142, 'x', 'y')", 202);
        Comparison comparison = Comparison.of(ScoredTable.of(first, EXACT), ScoredTable.of(second, EXACT), "custom_id");
        assertThat(comparison.pairs()).isEqualTo(200);
        assertThat(comparison.withoutPartner()).isEqualTo(2);
        assertThat(comparison.first()).isEqualTo(0.56);
        assertThat(comparison.second()).isEqualTo(0.65);
        assertThat(comparison.difference().mean()).isCloseTo(0.09, within(1e-12));
        assertThat(comparison.difference().low()).isCloseTo(0.025, within(0.0051));
        assertThat(comparison.difference().high()).isCloseTo(0.155, within(0.0051));
        assertThat(comparison.outcomes()).contains(new Outcomes(100, 12, 30, 58));
        // statsmodels 0.14: mcnemar([[100, 12], [30, 58]], exact=True)
        assertThat(comparison.outcomes().orElseThrow().p()).isCloseTo(0.007915897334896727, within(1e-9));
        assertThat(new ComparisonReport("a", "b", EXACT, comparison).text())
                .startsWith("exact against expected, 200 rows that both have scored")
                .contains("a             56.0 %", "difference    +9.0 %")
                .contains(
                        "in the first only: 12, in the second only: 30, in neither: 58; McNemar's exact test: p = 0.0079.")
                .endsWith("2 scored rows of one table have no partner in the other.");
    }

    @Test
    void rowsThatBelongTogetherAreDrawnTogether() throws Exception {
        Dataset<Row> first = answers("if(id < 28, 'wxya', 'wxyz')", 100);
        Dataset<Row> second = answers("if(id >= 76, 'wxya', 'wxyz')", 100);
        Comparison alone =
                Comparison.of(graded(first, Optional.empty()), graded(second, Optional.empty()), "custom_id");
        Comparison together = Comparison.of(
                graded(first, Optional.of("picture")), graded(second, Optional.of("picture")), "custom_id");
        assertThat(alone.difference().mean()).isCloseTo(0.01, within(1e-12));
        assertThat(together.difference().mean()).isCloseTo(alone.difference().mean(), within(1e-12));
        double width = alone.difference().high() - alone.difference().low();
        // four equal rows a picture are worth one: the standard error is twice as large
        assertThat(together.difference().high() - together.difference().low())
                .isCloseTo(2 * width, within(0.2 * width));
        assertThat(alone.outcomes()).isEmpty();
    }

    @Test
    void refusesKeysThatMakeNoPairs() throws Exception {
        Dataset<Row> answers = answers("'x'", 8);
        ScoredTable table = ScoredTable.of(answers, EXACT);
        assertThatThrownBy(() -> Comparison.of(table, table, "picture"))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageStartingWith("expected a scored row for each picture, found several for 2 of them: ");
        ScoredTable others = ScoredTable.of(answers.withColumn("custom_id", answers.col("expected")), EXACT);
        ScoredTable other = ScoredTable.of(answers.limit(1).withColumn("custom_id", answers.col("expected")), EXACT);
        assertThatThrownBy(() -> Comparison.of(table, other, "custom_id"))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageStartingWith(
                        "expected rows of both tables with the same custom_id and a gold answer, found none");
        assertThatThrownBy(() -> Comparison.of(others, table, "custm_id"))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageStartingWith("expected --on to name a column of the table, found \"custm_id\"");
    }

    private static ScoredTable graded(Dataset<Row> answers, Optional<String> cluster) throws JobRefusedException {
        return ScoredTable.of(answers, new Scoring(MetricName.ANLS, "gold", Optional.empty(), cluster));
    }

    /** @param text SQL of the answer by the row's {@code id} */
    private static Dataset<Row> answers(String text, int rows) {
        return spark.range(rows)
                .selectExpr(
                        "id",
                        "concat('q', id) AS custom_id",
                        "'ok' AS status",
                        text + " AS text",
                        "'x' AS expected",
                        "'wxyz' AS gold",
                        "id div 4 AS picture");
    }
}
