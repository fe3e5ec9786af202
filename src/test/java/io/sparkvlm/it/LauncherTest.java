package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script at the top, and the configuration it takes. */
final class LauncherTest {
    private static final Path TOP = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern NOT_COPIED =
            Pattern.compile("/src/test/|/target/(?!classes/|[^/]*\\.(jar|classpath|sources)$)");

    private static final Path BAD_FILES =
            TOP.resolve("job/src/test/resources/io/sparkvlm/job/input/parquet-testing/bad");

    @TempDir
    private Path folder;

    @BeforeEach
    void requireTheBuild() {
        assumeThat(SparkProcess.jar()).as("made by the package phase").exists();
    }

    /** Spark makes java.sql.Date of a date, for which it looks into a part of Java that is closed by default. */
    @Test
    void answersFromAnotherFolderWithSpacesInPathsAndCarriesDatesOfColumnsAndOfFolders() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("some where"));
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            spark.createDataset(Reference.linesWithLogprobs().subList(0, 1), Encoders.STRING())
                    .selectExpr("value as request", "DATE'2024-05-01' as day", "DATE'2024-05-02' as folder")
                    .write()
                    .partitionBy("folder")
                    .parquet(elsewhere.resolve("my requests").toString());
        }
        List<String> args = Job.generate(Path.of("my requests"), Path.of("my answers"));
        assertThat(run(elsewhere, args.toArray(String[]::new)))
                .contains("1 row in ")
                .contains("1 answered, 0 errors")
                .contains("output: " + elsewhere.resolve("my answers"))
                .doesNotContain(" INFO ");
        Row row = Job.rows(elsewhere.resolve("my answers")).get(0);
        assertThat(row.<String>getAs("text"))
                .isEqualTo(Reference.expected().get("text").get("text").textValue());
        assertThat(row.<Date>getAs("day")).isEqualTo("2024-05-01");
        assertThat(row.<Date>getAs("folder")).isEqualTo("2024-05-02");
    }

    @Test
    void startsSparkWithTheOptionsThatSparkSubmitGives() throws Exception {
        List<String> options = Files.readAllLines(TOP.resolve("conf/spark-java.options")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(JavaModuleOptions.defaultModuleOptionArray())
                .filteredOn(option -> !option.equals("--add-modules=jdk.incubator.vector")) // it warns at every start
                .containsExactlyElementsOf(options);
    }

    @Test
    void saysInOneLineWhySparkDoesNotStart() throws Exception {
        Path input = Files.write(
                folder.resolve("requests.jsonl"),
                List.of(Reference.linesWithLogprobs().get(0)));
        List<Started> sideBySide = new ArrayList<>();
        for (List<String> wrong : List.of(
                List.of("--master", "nonsense"),
                List.of("--master", "local[no]"),
                List.of("--conf", "spark.driver.port=none"))) {
            List<String> args = Job.generate(input, folder.resolve("output-" + sideBySide.size()));
            args.addAll(wrong);
            sideBySide.add(start(folder, args.toArray(String[]::new)));
        }
        for (Started started : sideBySide) {
            Ended ended = started.end();
            assertThat(ended.exitCode()).as(ended.output()).isEqualTo(2);
            assertThat(ended.output().lines())
                    .singleElement()
                    .asString()
                    .startsWith("sparkvlm: Spark does not start: ");
        }
    }

    @Test
    void saysInOneLineWhyAnInputIsNotRead() throws Exception {
        List<Started> sideBySide = new ArrayList<>();
        // A footer that is none, and a page that its reader meets in a task.
        for (String file : List.of("PARQUET-1481.parquet", "ARROW-GH-47662.parquet")) {
            List<String> args = Job.generate(BAD_FILES.resolve(file), folder.resolve("output-" + sideBySide.size()));
            args.addAll(List.of("--prompt", "hi"));
            sideBySide.add(start(folder, args.toArray(String[]::new)));
        }
        for (Started started : sideBySide) {
            Ended ended = started.end();
            assertThat(ended.exitCode()).as(ended.output()).isEqualTo(2);
            assertThat(ended.output().lines().filter(line -> !line.startsWith("0 of "))) // which a slow machine says
                    .singleElement()
                    .asString()
                    .matches("sparkvlm: the input's (Parquet )?file " + BAD_FILES
                            + "/.*parquet is (broken|damaged): .*");
        }
    }

    @Test
    void buildsOnlyWhatIsOfOtherSourcesAndNotWhatWasOnlyCopied() throws Exception {
        Path copy = copyOfTheTree();
        Path mvnw = Files.writeString(copy.resolve("mvnw"), "#!/bin/sh\necho it builds; exit 1\n");
        assertThat(mvnw.toFile().setExecutable(true)).isTrue();
        Ended ended = start(copy.resolve("sparkvlm"), folder, "--version").end();
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).startsWith("sparkvlm ").doesNotContain("build");

        Path source = copy.resolve("udf/api/src/main/java/io/sparkvlm/api/Engine.java");
        Files.writeString(source, Files.readString(source) + "\n");
        assertThat(start(copy.resolve("sparkvlm"), folder, "--version").end().output())
                .contains("it builds");
    }

    @Test
    void laterCommandsBeginWithTheClassesThatADemoLeft() throws Exception {
        Path copy = copyOfTheTree();
        Path java = Files.createDirectories(copy.resolve("java/bin")).resolve("java");
        assertThat(Files.writeString(java, "#!/bin/sh\necho \"$@\"\n").toFile().setExecutable(true))
                .isTrue();
        Path archive = copy.resolve("job/target/sparkvlm.jsa");
        String leaves = "-XX:ArchiveClassesAtExit=" + archive;
        String begins = "-XX:SharedArchiveFile=" + archive;

        assertThat(javaArguments(copy, "generate")).doesNotContain(leaves, begins);
        assertThat(javaArguments(copy, "demo")).contains(leaves).doesNotContain(begins);
        Files.writeString(archive, "classes");
        assertThat(javaArguments(copy, "generate")).contains(begins).doesNotContain(leaves);
        assertThat(javaArguments(copy, "demo")).contains(begins).doesNotContain(leaves);
        Files.setLastModifiedTime(archive, FileTime.fromMillis(0)); // of a build before
        assertThat(javaArguments(copy, "generate")).doesNotContain(leaves, begins);
    }

    private String javaArguments(Path copy, String command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(copy.resolve("sparkvlm").toString(), command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", copy.resolve("java").toString());
        builder.environment().remove("SPARK_HOME");
        Process process = builder.directory(folder.toFile()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** What the launcher looks at, written anew file by file, so that every source is younger than the jar. */
    private Path copyOfTheTree() throws IOException {
        Path copy = folder.resolve("a copy");
        for (String part : List.of("sparkvlm", "conf", "src/build", "pom.xml", "preprocessing", "udf", "job")) {
            try (Stream<Path> paths = Files.walk(TOP.resolve(part))) {
                for (Path path : paths.filter(Files::isRegularFile).toList()) {
                    String name = TOP.relativize(path).toString();
                    Path to = copy.resolve(name);
                    if (NOT_COPIED.matcher(name).find()) {
                        continue;
                    }
                    Files.createDirectories(to.getParent());
                    if (name.endsWith("spark-vlm.jar")) {
                        Files.createSymbolicLink(to, path);
                    } else {
                        Files.copy(path, to); // with the permissions, and with the time of now
                    }
                }
            }
        }
        return copy;
    }

    private static String run(Path folder, String... args) throws IOException, InterruptedException {
        Ended ended = start(folder, args).end();
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    /** A command that runs. */
    private record Started(Process process, Path log) {
        Ended end() throws IOException, InterruptedException {
            assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
            return new Ended(process.exitValue(), Files.readString(log));
        }
    }

    /** What a command said before it ended. */
    private record Ended(int exitCode, String output) {}

    private static Started start(Path folder, String... args) throws IOException {
        return start(TOP.resolve("sparkvlm"), folder, args);
    }

    private static Started start(Path launcher, Path folder, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(args));
        Path log = Files.createTempFile(folder, "launcher", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Started(process, log);
    }
}
