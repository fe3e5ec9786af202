package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.demo.DemoFolder;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.tools.nsc.Main;

/** The examples for programs: they compile as they stand, without a warning, and answer a folder of requests. */
final class ExamplesTest {
    private static final Path EXAMPLES =
            Path.of("../../docs/examples").toAbsolutePath().normalize();
    private static final int REQUESTS = 6;

    @TempDir
    private Path folder;

    private Path classes;
    private DemoFolder demo;
    private Path requests;

    @BeforeEach
    void writeRequests() throws IOException {
        classes = Files.createDirectory(folder.resolve("classes"));
        demo = DemoFolder.prepare(folder.resolve("demo"));
        requests = Files.createDirectory(folder.resolve("requests"));
        List<String> lines = Files.readAllLines(demo.requests());
        Files.write(requests.resolve("a.jsonl"), lines.subList(0, REQUESTS / 2));
        Files.write(requests.resolve("b.jsonl"), lines.subList(REQUESTS / 2, REQUESTS));
    }

    @Test
    void theOneInJavaAnswersAFolder() throws Exception {
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-Xlint:all,-path",
                        "-Werror",
                        "-d",
                        classes.toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        EXAMPLES.resolve("AnswerRequests.java").toString());

        assertThat(errors).isZero();
        answersItsFolder();
    }

    @Test
    void theOneInScalaAnswersAFolder() throws Exception {
        boolean compiled = Main.process(new String[] {
            "-deprecation",
            "-Xlint",
            "-Werror",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            EXAMPLES.resolve("AnswerRequests.scala").toString()
        });

        assertThat(compiled).isTrue();
        answersItsFolder();
    }

    private void answersItsFolder() throws Exception {
        Path output = folder.resolve("answers");
        // As spark-submit would set them.
        Map<String, String> settings = Map.of("spark.master", "local[2]", "spark.ui.enabled", "false");
        settings.forEach(System::setProperty);
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            String[] args = {
                demo.model().toString(), requests.toString(), demo.path().toString(), output.toString()
            };
            loader.loadClass("AnswerRequests").getMethod("main", String[].class).invoke(null, (Object) args);
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
        List<Row> rows = Job.rows(output);
        assertThat(rows).hasSize(REQUESTS).allMatch(row -> row.<String>getAs("status")
                .equals("ok"));
        assertThat(rows).extracting(row -> row.<String>getAs("text")).doesNotContain("");
    }
}
