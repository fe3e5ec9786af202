package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sparkvlm.job.demo.DemoFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a newcomer runs, from the jar alone; {@link ReadmeTest} runs it from the classes. */
final class DemoTest {
    @TempDir
    private Path folder;

    @Test
    void runsFromTheJarAloneInTheFolderOfAnEarlierDemo() throws Exception {
        assumeThat(SparkProcess.jar()).as("made by the package phase").exists();
        DemoFolder earlier = DemoFolder.prepare(folder.resolve("my demo"));
        Files.createDirectory(earlier.output());
        Files.writeString(earlier.output().resolve("part-0.snappy.parquet"), "an earlier answer");
        Path note = Files.writeString(earlier.path().resolve("note.txt"), "mine");

        List<String> args =
                SparkProcess.submit("local[2]", folder, List.of("demo", "--folder", "my demo", "--dtype", "float32"));
        try (SparkProcess job = SparkProcess.start(folder, "job", "org.apache.spark.deploy.SparkSubmit", args)) {
            assertThat(job.await()).as(job.output()).isZero();
            assertThat(job.output())
                    .contains("5 requests are bad on purpose: 5 of them came to an error row")
                    .containsPattern("all +9\\d +" + DemoAnswers.QUESTIONS)
                    .contains("'" + folder.resolve("my demo/output") + "'");
        }

        assertThat(note).hasContent("mine");
        assertThat(DemoAnswers.of(earlier.path())).isNotEmpty();
        DemoFolder.prepare(earlier.path()); // it takes what a demo leaves for its own
        assertThat(earlier.output()).isDirectoryNotContaining(Files::isRegularFile);
    }
}
