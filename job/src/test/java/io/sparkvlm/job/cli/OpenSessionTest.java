package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.SparkVlm;
import io.sparkvlm.job.options.SparkOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import scala.jdk.javaapi.CollectionConverters;

/** Commands in a session that a program or a notebook has opened. */
final class OpenSessionTest {
    private static final String CHECKPOINT = "../src/test/resources/reference/tied/checkpoint";

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"generate --model m --input in --output out", "demo", "doctor"})
    void refusesWhatWouldEndTheSession(String command) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkVlm.run(command.split(" ", -1)))
                .withMessage("expected a command that looks at tables, which are compare, evaluate, report, show and"
                        + " generate with --dry-run, found " + command.split(" ", -1)[0]);
        assertThat(spark.range(1).count()).isEqualTo(1);
    }

    @Test
    void aDryRunTakesTheSettingsOfTheSessionAndLeavesThemAsTheyWere() throws Exception {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n{\"messages\": 3}\n");
        Map<String, String> before =
                Map.copyOf(CollectionConverters.asJava(spark.conf().getAll()));
        spark.conf().set("spark.sparkvlm.limit", "1");
        try {
            assertThat(SparkVlm.run(
                            "generate",
                            "--dry-run",
                            "--json",
                            "--model=" + CHECKPOINT,
                            "--input=" + input,
                            "--output=" + folder.resolve("out"),
                            "--calibrate=0"))
                    .contains("\"rows\":1,");
        } finally {
            spark.conf().unset("spark.sparkvlm.limit");
        }
        assertThat(CollectionConverters.asJava(spark.conf().getAll())).isEqualTo(before);
    }

    @Test
    void filesAreReadWithTheSettingsThatTheSessionHasByNow() {
        spark.sparkContext().hadoopConfiguration().set("fs.s3a.access.key", "given later");
        assertThat(CommandLine.populateCommand(new SparkOptions()).hadoop().get("fs.s3a.access.key"))
                .isEqualTo("given later");
    }
}
