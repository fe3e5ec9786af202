package io.sparkvlm.job.input.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.text.JobRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestFilesTest {
    private static final String REQUEST = "{\"messages\": []}\n";

    @TempDir
    private Path folder;

    @Test
    void takesTheParquetFilesOfAFolderThatHoldsMore() throws Exception {
        for (String beside : new String[] {"README.md", "dataset_info.json", "_SUCCESS", ".part-0.parquet.crc"}) {
            write(beside, "x");
        }
        write("data/part-0.parquet", "PAR1");
        write("data/part-1.parquet", "");
        for (InputFormat asked : new InputFormat[] {InputFormat.PARQUET, InputFormat.AUTO}) {
            RequestFiles found = find(asked, folder);
            assertThat(names(found)).containsExactly("data/part-0.parquet");
            assertThat(found.format()).isEqualTo(InputFormat.PARQUET);
            assertThat(found.notice())
                    .contains(
                            "passed over README.md, part-1.parquet, dataset_info.json and what is hidden (. or _ first):"
                                    + " no requests in Parquet");
        }
    }

    @Test
    void saysNothingOfHiddenFilesAlone() throws Exception {
        write("_SUCCESS", "");
        write("a.jsonl", REQUEST);
        assertThat(find(InputFormat.AUTO, folder).notice()).isEmpty();
    }

    @Test
    void takesRequestsBesideTheirPictures() throws Exception {
        write("requests.jsonl", REQUEST);
        write("media/a.png", "x");
        assertThat(names(find(InputFormat.AUTO, folder))).containsExactly("requests.jsonl");
    }

    @Test
    void asksWhichFormatOnlyWhereThereAreSeveral() throws Exception {
        write("a.jsonl", REQUEST);
        write("b.parquet", "PAR1");
        assertThat(refusal(folder)).contains("a.jsonl, b.parquet").contains("--input-format");
        assertThat(names(find(InputFormat.JSONL, folder))).containsExactly("a.jsonl");
        assertThat(names(find(InputFormat.PARQUET, folder))).containsExactly("b.parquet");
        Files.delete(folder.resolve("b.parquet"));
        write("c.csv", "x");
        assertThat(refusal(folder)).contains("(c.csv)").contains("--input-format");
        assertThat(names(find(InputFormat.JSONL, folder))).containsExactly("a.jsonl");
    }

    @Test
    void saysWhatToDoWithCsv() throws Exception {
        write("questions.csv", "question,answer\n");
        assertThat(refusal(folder)).contains("found CSV (questions.csv): --input-query 'SELECT");
        assertThat(refusal(folder.resolve("questions.csv")))
                .contains("found CSV (questions.csv): --input-query 'SELECT");
    }

    @Test
    void takesFilesWithoutAnEndingWhereTheFormatIsSaid() throws Exception {
        write("part-00000", "PAR1");
        write("README", "x");
        assertThat(names(find(InputFormat.PARQUET, folder))).containsExactly("part-00000");
    }

    @Test
    void refusesAFolderOfOnlyEmptyParquetFiles() throws Exception {
        write("a.parquet", "");
        assertThat(refusal(folder)).contains("Parquet with something in them").contains("a.parquet");
    }

    @Test
    void takesPatterns() throws Exception {
        for (String name : List.of("day=1/part-0.jsonl", "day=2/part-1.jsonl", "day=2/other.jsonl", "x/part-2.jsonl")) {
            write(name, REQUEST);
        }
        RequestFiles found = find(InputFormat.AUTO, folder.resolve("day=*/part-{0,1}.jsonl"));
        assertThat(names(found)).containsExactly("day=1/part-0.jsonl", "day=2/part-1.jsonl");
        assertThat(refusal(folder.resolve("nothing-*.jsonl"))).contains("nothing-*.jsonl is not there");
    }

    @Test
    void aNameThatLooksLikeAPatternIsAName() throws Exception {
        write("a[1].jsonl", REQUEST);
        write("a1.jsonl", REQUEST);
        assertThat(names(find(InputFormat.AUTO, folder.resolve("a[1].jsonl")))).containsExactly("a[1].jsonl");
        write("[x]/b.jsonl", REQUEST);
        assertThat(names(find(InputFormat.AUTO, folder.resolve("[x]/*.jsonl")))).containsExactly("[x]/b.jsonl");
    }

    @Test
    void takesAColonInAName() throws Exception {
        write("10:00/run_10:20.jsonl", REQUEST);
        for (Path input : List.of(
                folder,
                folder.resolve("10:00"),
                folder.resolve("10:00/run_10:20.jsonl"),
                folder.resolve("*/run_*.jsonl"))) {
            assertThat(names(find(InputFormat.AUTO, input)))
                    .allSatisfy(name -> assertThat(name).endsWith("run_10:20.jsonl"));
        }
        assertThatThrownBy(() -> RequestFiles.find("no_10:20.jsonl", InputFormat.AUTO, new Configuration()))
                .hasMessage("the input no_10:20.jsonl is not there");
    }

    @Test
    void namesFilesOfSeveralInputsByWhatTheyHaveInCommon() throws Exception {
        for (String name : List.of("a/x.jsonl", "b/x.jsonl", "b/deep/y.jsonl")) {
            write(name, REQUEST);
        }
        assertThat(names(find(InputFormat.AUTO, folder.resolve("a"), folder.resolve("b"))))
                .containsExactly("a/x.jsonl", "b/deep/y.jsonl", "b/x.jsonl");
        assertThat(names(find(InputFormat.AUTO, folder.resolve("b/x.jsonl"), folder.resolve("a/x.jsonl"))))
                .containsExactly("a/x.jsonl", "b/x.jsonl");
        assertThat(names(find(InputFormat.AUTO, folder.resolve("b/x.jsonl"), folder.resolve("b"))))
                .as("a file that is named twice is read once")
                .containsExactly("deep/y.jsonl", "x.jsonl");
        assertThat(names(find(InputFormat.AUTO, folder.resolve("b/x.jsonl")))).containsExactly("x.jsonl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\n  {\"messages\": []}\n]\n",
                "[{\"messages\": []}]",
                "\uFEFF  [{\"messages\": []},\n{\"messages\": []}]",
                "[{\"messages\": [",
            })
    void knowsAnArrayByItsStart(String text) throws Exception {
        assertThat(fault(text.getBytes(StandardCharsets.UTF_8)))
                .contains("a.jsonl holds one JSON array")
                .contains("jq -c '.[]'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\n  \"messages\": []\n}\n", "{\"messages\":\n", "{\n\"a\": [{}"})
    void knowsAnObjectOverSeveralLines(String text) throws Exception {
        boolean several = !text.equals("{\"messages\":\n");
        assertThat(fault(text.getBytes(StandardCharsets.UTF_8)).contains("JSON over several lines"))
                .isEqualTo(several);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                REQUEST,
                "{\"messages\":\n{\"messages\": []}\n{}",
                "{\n{}\n",
                "[]\n{}\n",
                "[{\"role\": \"user\"}]\n[{\"role\": \"user\"}]\n",
                "\n\n{}\n",
                "nonsense",
            })
    void aLineThatIsWrongIsNoFaultOfTheFile(String text) throws Exception {
        assertThat(fault(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void knowsUtf16WithAndWithoutAMark() throws Exception {
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(fault(REQUEST.getBytes(charset))).contains("UTF-16").contains("iconv");
        }
    }

    @Test
    void knowsAPointerOfGitLfs() throws Exception {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n";
        assertThat(fault(pointer.getBytes(StandardCharsets.UTF_8))).contains("git lfs pull");
        write("a.parquet", pointer);
        assertThatThrownBy(() ->
                        FirstBytes.check(find(InputFormat.AUTO, folder.resolve("a.parquet")), new Configuration()))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("a.parquet is a Git LFS pointer");
    }

    @Test
    void namesAPackedFileThatIsNone() throws Exception {
        for (String ending : new String[] {".gz", ".bz2", ".zst"}) {
            assertThat(fault(REQUEST.getBytes(StandardCharsets.UTF_8), "a.jsonl" + ending))
                    .contains("a.jsonl" + ending)
                    .contains("expected " + ending);
        }
        assertThat(fault(gzip("[{}]"), "a.jsonl.gz")).contains("one JSON array");
        assertThat(fault(gzip(REQUEST), "a.jsonl.gz")).isEmpty();
        assertThat(fault(gzip(REQUEST), "a.jsonl")).contains("its name does not say so");
        byte[] damaged = Arrays.copyOf(gzip(REQUEST), 12);
        assertThat(fault(damaged, "a.jsonl.gz")).contains("a.jsonl.gz cannot be read");
        assertThat(fault("PAR1".getBytes(StandardCharsets.UTF_8), "a.jsonl")).contains("is a Parquet file");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String fault(byte[] content) throws Exception {
        return fault(content, "a.jsonl");
    }

    /** What is said of a file; empty where nothing is. */
    private String fault(byte[] content, String name) throws Exception {
        Path file = Files.write(folder.resolve(name), content);
        try {
            FirstBytes.check(find(InputFormat.AUTO, file), new Configuration());
            return "";
        } catch (JobRefusedException e) {
            return e.getMessage();
        } finally {
            Files.delete(file);
        }
    }

    private static RequestFiles find(InputFormat asked, Path... inputs) throws JobRefusedException {
        return RequestFiles.find(Arrays.stream(inputs).map(Path::toString).toList(), asked, new Configuration());
    }

    private static String refusal(Path input) {
        try {
            return "found " + find(InputFormat.AUTO, input);
        } catch (JobRefusedException e) {
            return e.getMessage();
        }
    }

    private static List<String> names(RequestFiles found) {
        return found.files().stream()
                .map(file -> RequestFiles.relative(found.root(), file.getPath()))
                .toList();
    }
}
