package io.sparkvlm.job.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoFolderTest {
    @TempDir
    private Path folder;

    private Path work;

    @BeforeEach
    void chooseAFolderThatIsNotThere() {
        work = folder.resolve("not there").resolve("demo");
    }

    @Test
    void unpacksFromAFolder() throws IOException {
        Path source = writeFiles(Files.createDirectory(folder.resolve("some classes")));
        Files.createFile(source.resolve("DemoFiles.class"));

        DemoFolder.prepare(
                work, new DemoFiles(source.resolve("requests.jsonl").toUri().toURL()));

        assertThat(contents(work)).isEqualTo(withMark(files()));
    }

    @Test
    void unpacksFromAJar() throws IOException {
        Path jar = folder.resolve("a jar.jar");
        try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            writeFiles(Files.createDirectories(files.getPath("/io/demo")));
        }

        DemoFolder.prepare(work, new DemoFiles(new URL("jar:" + jar.toUri() + "!/io/demo/requests.jsonl")));

        assertThat(contents(work)).isEqualTo(withMark(files()));
    }

    @Test
    void holdsAllThatTheJobNeeds() throws IOException {
        DemoFolder demo = DemoFolder.prepare(work);
        assertThat(demo.model().resolve("model.safetensors")).isNotEmptyFile();
        assertThat(demo.model().resolve("tokenizer.json")).isNotEmptyFile();
        assertThat(demo.requests()).isNotEmptyFile();
        assertThat(demo.path().resolve("media/card-01.png")).isNotEmptyFile();
        assertThat(demo.output()).doesNotExist();
    }

    @Test
    void replacesWhatAnEarlierDemoLeftAndNothingElse() throws IOException {
        DemoFolder demo = DemoFolder.prepare(work);
        Path note = Files.writeString(work.resolve("note.txt"), "mine");
        Path page = Files.writeString(work.resolve("media/mine.png"), "mine");
        Files.writeString(demo.requests(), "changed");
        Files.createDirectories(demo.output().resolve("_temporary/0"));
        for (String name : List.of(
                "_SUCCESS",
                "._SUCCESS.crc",
                "_sparkvlm_starts.json",
                "part-0.snappy.parquet",
                ".part-0.snappy.parquet.crc")) {
            Files.createFile(demo.output().resolve(name));
        }

        DemoFolder.prepare(work);

        assertThat(note).hasContent("mine");
        assertThat(page).hasContent("mine");
        assertThat(Files.readString(demo.requests())).contains("bad-too-hot");
        assertThat(demo.output()).isDirectoryNotContaining(Files::isRegularFile);
    }

    @Test
    void refusesAFolderOfSomebodyElse() throws IOException {
        Files.createDirectories(work);
        Path theirs = Files.writeString(work.resolve("requests.jsonl"), "theirs");

        assertThatIOException()
                .isThrownBy(() -> DemoFolder.prepare(work))
                .withMessage("the folder " + work + " is there already, not empty and not made by the demo");
        assertThat(theirs).hasContent("theirs");
        assertThat(contents(work)).hasSize(1);
    }

    @Test
    void refusesAnOutputWithSomethingElseInItAndDeletesNothing() throws IOException {
        DemoFolder demo = DemoFolder.prepare(work);
        Files.createDirectory(demo.output());
        Path answers = Files.createFile(demo.output().resolve("part-0.snappy.parquet"));
        Files.createFile(demo.output().resolve("answers.html"));

        assertThatIOException()
                .isThrownBy(() -> DemoFolder.prepare(work))
                .withMessageContaining("answers.html")
                .withMessageContaining("move it away");
        assertThat(answers).exists();
    }

    @Test
    void saysWhatIsInTheWay() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatIOException()
                .isThrownBy(() -> DemoFolder.prepare(file))
                .withMessage("the demo's files cannot be written: " + file + " is in their way");
        assertThatIOException()
                .isThrownBy(() -> DemoFolder.prepare(file.resolve("demo")))
                .withMessageContaining(file + "/demo");
    }

    private static Map<String, String> files() {
        return Map.of(
                "model/config.json", "{}",
                "media/card.png", "a picture",
                "requests.jsonl", "requests",
                "answers.jsonl", "answers",
                "pictures.parquet", "table",
                "formats.jsonl", "formats");
    }

    private static Path writeFiles(Path to) throws IOException {
        for (Map.Entry<String, String> file : files().entrySet()) {
            Path path = to.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return to;
    }

    private static Map<String, String> withMark(Map<String, String> files) {
        Map<String, String> all = new TreeMap<>(files);
        all.put(".sparkvlm-demo", "sparkvlm demo replaces its own files in this folder.\n");
        return all;
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> contents.put(folder.relativize(file).toString(), read(file)));
        }
        return contents;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
