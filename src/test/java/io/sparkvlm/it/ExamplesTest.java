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

/** The examples for programs: they compile as they stand, without a warning, and answer folders of requests and of pictures. */
final class ExamplesTest {
    private static final Path EXAMPLES =
            Path.of("../../docs/examples").toAbsolutePath().normalize();
    private static final int REQUESTS = 6;

    @TempDir
    private Path folder;

    private Path classes;
    private DemoFolder demo;
    private Path requests;
    private Path pictures;

    @BeforeEach
    void writeRequestsAndPictures() throws IOException {
        classes = Files.createDirectory(folder.resolve("classes"));
        demo = DemoFolder.prepare(folder.resolve("demo"));
        requests = Files.createDirectory(folder.resolve("requests"));
        List<String> lines = Files.readAllLines(demo.requests());
        Files.write(requests.resolve("a.jsonl"), lines.subList(0, REQUESTS / 2));
        Files.write(requests.resolve("b.jsonl"), lines.subList(REQUESTS / 2, REQUESTS));
        pictures = Files.createDirectory(folder.resolve("pictures"));
        for (String name : List.of("card-01.png", "card-02.png")) {
            Files.copy(demo.path().resolve("media").resolve(name), pictures.resolve(name));
        }
    }

    @Test
    void thoseInJavaAnswerTheirFolders() throws Exception {
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
                        EXAMPLES.resolve("AnswerRequests.java").toString(),
                        EXAMPLES.resolve("AskAboutPictures.java").toString(),
                        EXAMPLES.resolve("AnswerInPipeline.java").toString(),
                        EXAMPLES.resolve("AnswerWithDjl.java").toString());

        assertThat(errors).isZero();
        answerTheirFolders();
        assertThat(run("AnswerInPipeline", requests.toString(), demo.path().toString()))
                .hasSize(REQUESTS);
        Path lines = folder.resolve("answers.txt");
        main(
                "AnswerWithDjl",
                requests.resolve("a.jsonl").toString(),
                demo.path().toString(),
                lines.toString());
        assertThat(Files.readAllLines(lines))
                .hasSize(REQUESTS / 2)
                .allMatch(line -> line.startsWith("200 {\"id\":\"chatcmpl-"));
    }

    @Test
    void thoseInScalaAnswerTheirFolders() throws Exception {
        boolean compiled = Main.process(new String[] {
            "-deprecation",
            "-Xlint",
            "-Werror",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            EXAMPLES.resolve("AnswerRequests.scala").toString(),
            EXAMPLES.resolve("AskAboutPictures.scala").toString()
        });

        assertThat(compiled).isTrue();
        answerTheirFolders();
    }

    private void answerTheirFolders() throws Exception {
        List<Row> answered =
                run("AnswerRequests", requests.toString(), demo.path().toString());
        assertThat(answered).hasSize(REQUESTS);

        List<Row> asked = run("AskAboutPictures", pictures.toString(), "What is in the picture?");
        assertThat(asked).extracting(row -> row.<String>getAs("path")).allMatch(path -> path.contains("/card-0"));
        assertThat(asked).hasSize(2);
    }

    /** The answers of the example, which are words for each row. */
    private List<Row> run(String example, String first, String second) throws Exception {
        Path output = folder.resolve(example);
        // As spark-submit would set them.
        Map<String, String> settings = Map.of("spark.master", "local[2]", "spark.ui.enabled", "false");
        settings.forEach(System::setProperty);
        try {
            main(example, first, second, output.toString());
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
        List<Row> rows = Job.rows(output);
        assertThat(rows).allMatch(row -> row.<String>getAs("status").equals("ok"));
        assertThat(rows).extracting(row -> row.<String>getAs("text")).doesNotContain("");
        return rows;
    }

    private void main(String example, String first, String second, String third) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            String[] args = {demo.model().toString(), first, second, third};
            loader.loadClass(example).getMethod("main", String[].class).invoke(null, (Object) args);
        }
    }
}
