package io.sparkvlm.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.output.StartLog.Start;
import io.sparkvlm.job.report.Measurements.ExecutorRows;
import io.sparkvlm.job.report.Throughput.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class MeasurementsTest {
    private static final long NOON = Instant.parse("2026-05-01T12:00:00Z").getEpochSecond();

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    @Test
    void countsWhatEndedInEachTimeAndLeavesErrorsAndCopiesOut() {
        Measurements measured = Measurements.of(
                table(
                        """
                ('ok', 0, 100, 10, 1, NULL), ('ok', 299, 50, 5, 1, NULL), ('ok', 300, 8, 2, 2, NULL),
                ('ok', 599, 2, 2, 1, NULL), ('ok', 599, 2, 2, 1, 'in.jsonl:0'), ('error', NULL, NULL, NULL, 3, NULL),
                ('error', NULL, NULL, NULL, 1, 'in.jsonl:7')"""));
        assertThat(measured.copied()).isEqualTo(2);
        assertThat(measured.triedAgain()).isEqualTo(2);
        Throughput throughput = measured.throughput().orElseThrow();
        assertThat(throughput.start()).isEqualTo("2026-05-01T12:00:00Z");
        assertThat(throughput.width()).isEqualTo(Duration.ofSeconds(5));
        assertThat(throughput.times())
                .hasSize(120)
                .filteredOn(time -> time.rows() > 0)
                .hasSize(4);
        assertThat(throughput.times().get(0)).isEqualTo(new Ended(1, 100, 10, 0));
        assertThat(throughput.times().get(60)).isEqualTo(new Ended(1, 8, 2, 0));
        assertThat(throughput.aMinute(2)).isEqualTo(24);
        assertThat(throughput.text(Duration.ZERO))
                .contains(
                        "from 2026-05-01 12:00:00 to 2026-05-01 12:10:00 UTC, in 10 min 0 s: 0.4 answers and 2 tokens");
    }

    @Test
    void countsErrorsWhenTheyEndedAndWhereRowsWere() {
        Dataset<Row> rows = spark.sql(
                """
                SELECT status, CAST(NULL AS STRING) AS copy_of, 1 AS attempts, IF(status = 'ok', usage, NULL) AS usage,
                  IF(status = 'ok', '{"created":' || CAST(1000000000 + second AS STRING) || '}', NULL) AS response,
                  IF(status = 'ok', NULL, named_struct('code', 'invalid_value')) AS error,
                  named_struct('ttft_ms', 1D, 'total_ms', 1D, 'ended_at', 1000 * (1000000000 + second), 'executor',
                    executor) AS timing
                FROM VALUES ('ok', 3L, '1'), ('error', 0L, '2'), ('error', 5L, '2'), ('error', 9L, '1'), ('ok', 4L, '3')
                  AS t(status, second, executor),
                  (SELECT named_struct('prompt_tokens', 7L, 'completion_tokens', 2L) AS usage)""");
        Measurements measured = Measurements.of(rows);
        Throughput throughput = measured.throughput().orElseThrow();
        assertThat(throughput.times()).hasSize(10);
        assertThat(throughput.times().get(0)).isEqualTo(new Ended(0, 0, 0, 1));
        assertThat(throughput.times().get(3)).isEqualTo(new Ended(1, 7, 2, 0));
        assertThat(throughput.times().get(9)).isEqualTo(new Ended(0, 0, 0, 1));
        assertThat(measured.executors())
                .containsExactly(new ExecutorRows("2", 0, 2), new ExecutorRows("1", 1, 1), new ExecutorRows("3", 1, 0));
        assertThat(measured.histograms()).allSatisfy(histogram -> assertThat(
                        histogram.rows().stream().mapToLong(Long::longValue).sum())
                .as(histogram.measure().name())
                .isEqualTo(2));
    }

    @Test
    void leavesOutTheTimeBetweenStartsWhetherTheyEndedOrWereKilled() {
        Throughput throughput = Measurements.of(
                        table(
                                """
                ('ok', 0, 1, 60, 1, NULL), ('ok', 59, 1, 60, 1, NULL), ('ok', 299, 1, 60, 1, NULL),
                ('ok', 599, 1, 60, 1, NULL)"""))
                .throughput()
                .orElseThrow();
        List<Start> starts = List.of(
                start("11:59:50", ""), start("12:04:00", "12:05:30"), start("12:09:30", ""), start("12:30:00", ""));
        // From 12:01:00, in whose time the first had its last answer, to 12:04, and from 12:05:30 to 12:09:30.
        Duration paused = Pauses.among(throughput, starts);
        assertThat(paused).isEqualTo(Duration.ofMinutes(7));
        assertThat(throughput.text(paused))
                .contains("in 3 min 0 s of work, and 7 min 0 s between starts: 1.3 answers and 80 tokens");
        assertThat(Pauses.among(throughput, List.of(start("today", ""), start("tomorrow", ""))))
                .isZero();
    }

    private static Start start(String started, String ended) {
        return new Start(moment(started), "1", "local-1", ended.isEmpty() ? "" : moment(ended), "", 0, 1, 0);
    }

    private static String moment(String time) {
        return time.contains(":") ? "2026-05-01T" + time + "Z" : time;
    }

    @Test
    void dividesWeeksIntoHoursAndASecondNotAtAll() {
        Throughput weeks = Measurements.of(table("('ok', 0, 1, 1, 1, NULL), ('ok', 1814399, 1, 1, 1, NULL)"))
                .throughput()
                .orElseThrow();
        assertThat(weeks.width()).isEqualTo(Duration.ofHours(5));
        assertThat(weeks.times()).hasSize(101);
        assertThat(Measurements.of(table("('ok', 5, 1, 1, 1, NULL)"))
                        .throughput()
                        .orElseThrow()
                        .times())
                .containsExactly(new Ended(1, 1, 1, 0));
    }

    @Test
    void countsRowsByTheirValuesAndPutsTheFewLargestInTheLastBin() {
        Dataset<Row> rows = spark.range(0, 1_000)
                .selectExpr(
                        "'ok' AS status",
                        "id + 1 AS prompt",
                        "IF(id = 999, 100000, 3) AS completion",
                        "0L AS second",
                        "1 AS attempts",
                        "CAST(NULL AS STRING) AS copy_of");
        Measurements measured = Measurements.of(output(rows));
        Histogram prompts = measured.histograms().get(0);
        assertThat(prompts.measure()).isEqualTo(Measure.PROMPT_TOKENS);
        assertThat(prompts.scale()).isEqualTo(new Scale(50, 20));
        assertThat(prompts.rows()).startsWith(49L, 50L).endsWith(50L, 51L);
        Histogram completions = measured.histograms().get(1);
        assertThat(completions.scale()).isEqualTo(new Scale(1, 4));
        assertThat(completions.rows()).containsExactly(0L, 0L, 0L, 1_000L);
        assertThat(measured.histograms()).hasSize(3); // no row says when its first token came
    }

    @Test
    void scalesHaveRoundWidthsAndReadableLabels() {
        assertThat(Scale.upTo(0.8, 0)).isEqualTo(new Scale(0.05, 17));
        assertThat(Scale.upTo(0.8, 0).label(3)).isEqualTo("0.15");
        assertThat(Scale.upTo(60_000, 1).label(2)).isEqualTo("10,000");
        assertThat(Scale.upTo(0, 1)).isEqualTo(new Scale(1, 1));
    }

    private static Dataset<Row> table(String values) {
        return output(spark.sql(
                "SELECT * FROM VALUES " + values + " AS t(status, second, prompt, completion, attempts, copy_of)"));
    }

    private static Dataset<Row> output(Dataset<Row> rows) {
        return rows.selectExpr(
                "status",
                "attempts",
                "CAST(copy_of AS STRING) AS copy_of",
                "IF(status = 'ok', '{\"id\":\"1\",\"created\":' || CAST(second + " + NOON + " AS STRING) || '}', NULL)"
                        + " AS response",
                "IF(status = 'ok', named_struct('prompt_tokens', CAST(prompt AS BIGINT), 'completion_tokens',"
                        + " CAST(completion AS BIGINT)), NULL) AS usage",
                "named_struct('ttft_ms', CAST(NULL AS DOUBLE), 'total_ms', CAST(second AS DOUBLE), 'ended_at',"
                        + " CAST(NULL AS BIGINT), 'executor', CAST(NULL AS STRING)) AS timing");
    }
}
