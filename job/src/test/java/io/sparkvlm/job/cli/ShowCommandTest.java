package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.Main;
import io.sparkvlm.job.output.RunRecord;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShowCommandTest {
    private static final int ANSWERED = 30;

    @TempDir
    private static Path folder;

    private static Path input;
    private static Path output;

    @BeforeAll
    static void generate() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < ANSWERED; i++) {
            lines.append(line("row-" + i, "\"user\"", "Question number " + i + "\\u001b[31m?"));
        }
        lines.append(line("bad", "\"narrator\"", "Who \\u202espeaks?")).append("nonsense\n");
        input = Files.writeString(folder.resolve("in.jsonl"), lines);
        output = folder.resolve("out");
        try (SparkSession spark = LocalSpark.withCores(2)) {
            EchoJob.run(EchoJob.of(input, output), spark, new StringWriter());
        }
    }

    @Test
    void showsTheFirstRowsInTheOrderOfTheInputAndHowManyMoreThereAre() {
        String text = show();
        assertThat(text)
                .contains("row-0  in.jsonl:0")
                .contains("question  Question number 19<U+001B>[31m?")
                .contains("32 rows: 30 answered, 2 errors (1 invalid_json_line, 1 invalid_value)")
                .contains("shown: the first 20 of 32 rows; --limit N shows more")
                .doesNotContain("row-20")
                .doesNotContain("\u001b");
        assertThat(text.indexOf("row-2 ")).isLessThan(text.indexOf("row-10 "));
    }

    @Test
    void showsErrorsWithWhatWasAskedAsFarAsItCanBeRead() {
        assertThat(show("--status", "error"))
                .contains("bad  in.jsonl:")
                .contains("ERROR 400")
                .contains("question  Who <U+202E>speaks?")
                .contains("error     invalid_value at messages[0].role: ")
                .contains("question  (the line is no request: nonsense)")
                .contains("shown: 2 rows with status error")
                .doesNotContain("row-");
    }

    @Test
    void filtersByCodeAndCustomId() {
        assertThat(show("--code", "invalid_value")).contains("shown: 1 row with code invalid_value");
        assertThat(show("--custom-id", "row-7"))
                .contains("question  Question number 7")
                .contains("shown: 1 row with custom_id row-7");
        assertThat(show("--custom-id", "nobody")).contains("shown: 0 rows with custom_id nobody");
    }

    @Test
    void saysWhyThereAreNoQuestionsAndTakesTheInputFromItsNewPlace() throws Exception {
        Path moved = Files.move(input, folder.resolve("moved.jsonl"));
        try {
            assertThat(show("--limit", "1"))
                    .contains("Questions are not shown: the input")
                    .contains("in.jsonl is not there;")
                    .contains("--input, and --allowed-local-media-path for its files, say where they are.")
                    .contains("row-0")
                    .doesNotContain("question  ");
            Path elsewhere = Files.copy(
                    moved, Files.createDirectories(folder.resolve("new")).resolve("in.jsonl"));
            assertThat(show("--limit", "1", "--input", elsewhere.toString())).contains("question  Question number 0");
            Files.writeString(elsewhere, line("other", "\"user\"", "Another?"));
            assertThat(show("--limit", "2", "--input", elsewhere.toString()))
                    .contains("(the input has another request there now)")
                    .contains("(the input has no such row any more)");
        } finally {
            Files.move(moved, input);
        }
    }

    @Test
    void readsAnOutputThatHasNoRecordOfItsRun() throws Exception {
        Path record = output.resolve(RunRecord.FILE_NAME);
        Path hidden = Files.move(record, folder.resolve("record"));
        try {
            assertThat(show("--limit", "1"))
                    .contains("the output has no _sparkvlm.json")
                    .contains("row-0");
            assertThat(show("--limit", "1", "--input", input.toString())).contains("question  Question number 0");
        } finally {
            Files.move(hidden, record);
        }
    }

    @Test
    void writesAPageWithEveryRow() throws Exception {
        Path page = folder.resolve("page.html");
        assertThat(show("--html", page.toString())).isEqualTo("page: " + page + " (32 rows)\n");
        assertThat(Files.readString(page))
                .contains("<h2><bdi>row-29</bdi></h2>")
                .contains("Who &lt;U+202E&gt;speaks?")
                .contains("default-src &#39;none&#39;; img-src data:");
    }

    @Test
    void takesNoSettingOfGenerateForItsOwn() throws Exception {
        Path settings = Files.writeString(folder.resolve("job.properties"), "limit = 1\ninput = /nowhere\n");
        assertThat(show("--properties-file", settings.toString())).contains("shown: the first 20 of 32 rows");
    }

    @Test
    void refusesWhatItCannotShow() throws Exception {
        assertThat(refusal(folder.resolve("nothing").toString())).contains("nothing is not there");
        Path empty =
                Files.createDirectories(folder.resolve("running/_temporary")).getParent();
        assertThat(refusal(empty.toString())).contains("has not ended");
        assertThat(refusal(output.toString(), "--code", "invalid_valu")).contains("\"invalid_value\"");
        assertThat(refusal(output.toString(), "--status", "fine")).contains("fine");
        assertThat(refusal(output.toString(), "--limit", "0")).contains("--limit from 1 to 10000, found 0");
        assertThat(refusal(output.toString(), "--html", "no/such/folder/page.html"))
                .contains("--html");
        assertThat(refusal(output.toString(), "--input", "/nowhere")).contains("/nowhere is not there");
        Path other = folder.resolve("other");
        try (SparkSession spark = LocalSpark.withCores(1)) {
            spark.sql("select 1 as one").write().parquet(other.toString());
        }
        assertThat(refusal(other.toString())).contains("without the columns attempts");
    }

    private static String line(String customId, String role, String question) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + "{\"messages\":[{\"role\":" + role + ",\"content\":\"" + question
                + "\"}],\"temperature\":0,\"max_tokens\":1}}\n";
    }

    private static String show(String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(args(output.toString(), options))).isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String refusal(String table, String... options) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(args(table, options))).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        return err.toString(StandardCharsets.UTF_8);
    }

    private static String[] args(String table, String... options) {
        String[] args = new String[options.length + 2];
        args[0] = "show";
        args[1] = table;
        System.arraycopy(options, 0, args, 2, options.length);
        return args;
    }
}
