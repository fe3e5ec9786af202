package io.sparkvlm.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PlanSettingsTest {
    private static final String WHOLE_STAGE = "spark.sql.codegen.wholeStage";
    private static final String FACTORY = "spark.sql.codegen.factoryMode";

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "localhost")
                .getOrCreate();
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
    }

    @Test
    void interpretsThePlansOfASmallInput() {
        SparkSession session = spark.newSession();
        PlanSettings.choose(input(1_000), session);
        assertThat(session.conf().get(WHOLE_STAGE)).isEqualTo("false");
        assertThat(session.conf().get(FACTORY)).isEqualTo("NO_CODEGEN");
    }

    @Test
    void generatesCodeForALargeInput() {
        SparkSession session = spark.newSession();
        PlanSettings.choose(input(1L << 30), session);
        assertThat(session.conf().get(WHOLE_STAGE)).isEqualTo("true");
        assertThat(session.conf().get(FACTORY)).isEqualTo("FALLBACK");
    }

    @Test
    void leavesWhatTheUserHasSet() {
        SparkSession session = spark.newSession();
        session.conf().set(WHOLE_STAGE, "true");
        PlanSettings.choose(input(1_000), session);
        assertThat(session.conf().get(WHOLE_STAGE)).isEqualTo("true");
        assertThat(session.conf().get(FACTORY)).isEqualTo("FALLBACK");
    }

    @Test
    void splitsTheInputAlikeWhicheverExecutorsJoin() {
        SparkSession session = spark.newSession();
        PlanSettings.choose(input(1_000), session);
        assertThat(session.conf().get("spark.sql.leafNodeDefaultParallelism")).isEqualTo("1");
    }

    private static InputSelection input(long bytes) {
        Path file = new Path("/requests.jsonl");
        FileStatus status = new FileStatus(bytes, false, 1, 1 << 20, 0, file);
        return new InputSelection(
                new RequestFiles(List.of(file), new Path("/"), List.of(status), InputFormat.JSONL, Optional.empty()),
                ColumnRoles.NONE,
                Optional.empty());
    }
}
