package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the rows with equal custom_ids is answered, on sessions of several cores. */
final class FirstCustomIdTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void standsInTheFirstFileHoweverManyCoresThereAre(int cores) throws Exception {
        Path input = Files.createDirectories(folder.resolve("in/b")).getParent();
        Files.writeString(input.resolve("b/0.jsonl"), line("x") + line("y"));
        // Larger, so that Spark deals it first.
        Files.writeString(input.resolve("c.jsonl"), line("z").repeat(30) + line("x") + line("y"));
        Files.writeString(input.resolve("a.jsonl"), line("x"));
        Path output = folder.resolve("out");
        try (SparkSession spark = LocalSpark.withCores(cores)) {
            assertThat(EchoJob.run(EchoJob.of(input, output), spark, new StringWriter())
                            .errors())
                    .isEqualTo(Map.of("duplicate_custom_id", 32L));
            assertThat(spark.read()
                            .parquet(output.toString())
                            .where("status = 'ok'")
                            .select("row_id")
                            .orderBy("row_id")
                            .as(Encoders.STRING())
                            .collectAsList())
                    .containsExactly("a.jsonl:0", "b/0.jsonl:" + line("x").length(), "c.jsonl:0");
        }
    }

    private static String line(String customId) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0,\"max_tokens\":1}}\n";
    }
}
