package io.sparkvlm.job.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.Main;
import io.sparkvlm.job.crash.PoisonEngine.Poison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that do real harm to the process that computes them: they are error rows, and all others are answered. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class PoisonTest {
    private static final String CLUSTER = "local-cluster[2,1,1024]";
    private static final int DEATHS_OF_ONE_ROW = 3;

    @TempDir
    private Path folder;

    @Test
    void answersAllRowsButThoseThatEndTheirExecutorOrBreakTheirEngine() throws Exception {
        Map<Integer, Poison> poisons = Map.of(20, Poison.SEGMENTATION_FAULT, 60, Poison.NATIVE_EXCEPTION);
        List<String> said = answered(80, poisons, "FUSED");
        assertThat(deaths(said)).isEqualTo(DEATHS_OF_ONE_ROW);
    }

    @Tag("long")
    @Test
    void aReportTellsOfExecutorsThatDied() throws Exception {
        answered(80, Map.of(20, Poison.SEGMENTATION_FAULT), "FUSED");
        Path page = folder.resolve("page.html");
        String[] report = {"report", folder.resolve("out").toString(), "--html", page.toString()};
        assertThat(Main.run(report)).isZero();

        assertThat(Files.readString(page))
                .contains("at most 2, " + DEATHS_OF_ONE_ROW + " lost or given back")
                .contains("ended in a later attempt of their task, because an executor or its engine was lost before.")
                .contains("<td><code>worker_crashed</code></td><td class=\"number\">1</td>")
                .containsPattern("<td><code>\\d+</code></td><td class=\"number\">1</td>") // where the bad row ended
                .containsPattern("<td><code>\\d+</code></td><td class=\"number\">0</td>");
    }

    /** Prints how many executors died, and how long the job took. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "SEGMENTATION_FAULT, 1, 0, FUSED",
        "SEGMENTATION_FAULT, 5, 397, FUSED",
        "SEGMENTATION_FAULT, 5, 1, FUSED",
        "SEGMENTATION_FAULT, 5, 397, STAGED",
        "EXIT, 1, 0, FUSED",
        "EXIT, 5, 397, FUSED",
        "EXIT, 5, 1, FUSED",
        "ENDLESS_LOOP, 1, 0, FUSED",
        "ENDLESS_LOOP, 5, 397, FUSED",
        "ENDLESS_LOOP, 5, 1, FUSED",
        "ALLOCATION, 1, 0, FUSED",
        "ALLOCATION, 5, 397, FUSED",
        "ALLOCATION, 5, 1, FUSED",
        "NATIVE_EXCEPTION, 5, 397, FUSED",
        "NATIVE_EXCEPTION, 5, 1, FUSED"
    })
    void losesNoOtherRowOfTwoThousand(Poison poison, int rows, int apart, String preprocessing) throws Exception {
        Map<Integer, Poison> poisons = new TreeMap<>();
        for (int i = 0; i < rows; i++) {
            poisons.put(200 + i * apart, poison);
        }
        long start = System.nanoTime();
        List<String> said = answered(2000, poisons, preprocessing);
        System.out.printf(
                "FIGURES %s, %d rows %d apart, %s: %d deaths, %d s%n",
                poison, rows, apart, preprocessing, deaths(said), (System.nanoTime() - start) / 1_000_000_000);
        assertThat(deaths(said)).isLessThanOrEqualTo(DEATHS_OF_ONE_ROW * rows);
    }

    /** Where the driver computes the rows itself, it dies with them, and the same command goes on. */
    @Tag("long")
    @Test
    void setsARowApartThatEndsTheDriverAgainAndAgain() throws Exception {
        Map<Integer, Poison> poisons = Map.of(40, Poison.SEGMENTATION_FAULT);
        Path input = input(80, poisons);
        List<Integer> exits = new ArrayList<>();
        do {
            Process job = job("local[2]", input, "FUSED", stallSeconds(poisons));
            job.inputReader().lines().forEach(line -> {});
            exits.add(job.waitFor());
        } while (exits.get(exits.size() - 1) != 0 && exits.size() < 10);
        assertThat(exits).hasSize(4).last().isEqualTo(0);
        areAnsweredBut(input, poisons);
    }

    private List<String> answered(int rows, Map<Integer, Poison> poisons, String preprocessing) throws Exception {
        Path input = input(rows, poisons);
        Process job = job(CLUSTER, input, preprocessing, stallSeconds(poisons));
        List<String> said = new ArrayList<>();
        job.inputReader().lines().forEach(said::add);
        assertThat(job.waitFor()).as(String.join("\n", said)).isZero();
        areAnsweredBut(input, poisons);
        return said;
    }

    private Path input(int rows, Map<Integer, Poison> poisons) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            int maxTokens = poisons.containsKey(i) ? poisons.get(i).maxTokens() : 1;
            lines.append("{\"custom_id\":\"").append(i);
            lines.append("\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"messages\":");
            lines.append("[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":")
                    .append(maxTokens)
                    .append("}}\n");
        }
        return Files.writeString(folder.resolve("in.jsonl"), lines);
    }

    private void areAnsweredBut(Path input, Map<Integer, Poison> poisons) throws IOException {
        Map<String, String> errors = new TreeMap<>();
        try (SparkSession spark = LocalSpark.withCores(1)) {
            List<Row> rows =
                    spark.read().parquet(folder.resolve("out").toString()).collectAsList();
            assertThat(rows)
                    .extracting(row -> row.<String>getAs("row_id"))
                    .doesNotHaveDuplicates()
                    .hasSize(Files.readAllLines(input).size());
            rows.stream()
                    .filter(row -> row.getAs("response") == null)
                    .forEach(row -> errors.put(
                            row.getAs("custom_id"), row.<Row>getAs("error").getAs("code")));
        }
        Map<String, String> expected = new TreeMap<>();
        poisons.forEach((row, poison) ->
                expected.put("" + row, poison == Poison.NATIVE_EXCEPTION ? "server_error" : "worker_crashed"));
        assertThat(errors).isEqualTo(expected);
    }

    private static int deaths(List<String> said) {
        return said.stream()
                .filter(line -> line.startsWith("deaths: "))
                .mapToInt(line -> Integer.parseInt(line.substring("deaths: ".length())))
                .findFirst()
                .orElseThrow();
    }

    /** Out of reach where no row is to meet it. */
    private static int stallSeconds(Map<Integer, Poison> poisons) {
        return poisons.containsValue(Poison.ENDLESS_LOOP) ? 5 : 600;
    }

    private Process job(String master, Path input, String preprocessing, int stallSeconds) throws IOException {
        Files.createDirectories(folder.resolve("spark-home/jars"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of("../conf/spark-java.options").toAbsolutePath(),
                        "-Xmx1g",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("crash.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PoisonJob.class.getName(),
                        master,
                        input.toString(),
                        folder.resolve("out").toString(),
                        preprocessing,
                        "" + stallSeconds)
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().put("SPARK_HOME", folder.resolve("spark-home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder.start();
    }
}
