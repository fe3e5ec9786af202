package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.Main;
import io.sparkvlm.job.show.HtmlPage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportCommandTest {
    private static final int ANSWERED = 30;
    private static final int BAD = 5;

    @TempDir
    private static Path folder;

    private static Path output;
    private static Path empty;

    @BeforeAll
    static void generate() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < ANSWERED; i++) {
            lines.append(line("row-" + i, "user", "Question <b>number</b> " + i + "\\u001b[31m {{ 7 * 191 }}?"));
        }
        for (int i = 0; i < BAD; i++) {
            lines.append(line("<script>bad-" + i, "narrator", "Who speaks?"));
        }
        lines.append("nonsense\n");
        output = folder.resolve("out");
        empty = folder.resolve("empty");
        try (SparkSession spark = LocalSpark.withCores(2)) {
            EchoJob.run(
                    EchoJob.of(Files.writeString(folder.resolve("in.jsonl"), lines), output),
                    spark,
                    new StringWriter());
            EchoJob.run(
                    EchoJob.of(Files.writeString(folder.resolve("none.jsonl"), ""), empty), spark, new StringWriter());
        }
    }

    @Test
    void writesAPageWithFiguresChartsErrorsExamplesAndSettings() throws Exception {
        String page = report(output);
        assertThat(page)
                .contains("<li><b>36</b> <span>rows</span></li>", "<li><b>6</b> <span>errors</span></li>")
                .contains("Rows ended from 2")
                .contains("Of 30 rows, ")
                .contains("<td><code>invalid_value</code></td><td class=\"number\">5</td>"
                        + "<td class=\"number\">13.9 %</td>")
                .contains("<td><code>invalid_json_line</code></td><td class=\"number\">1</td>")
                .contains("aria-label=\"Rows with errors a minute from ")
                .contains("<td><code>driver</code></td><td class=\"number\">6</td><td class=\"number\">30</td>")
                .contains("bad-2")
                .doesNotContain("bad-3")
                .contains("<bdi>row-5</bdi>")
                .doesNotContain("row-6")
                .contains("<th scope=\"row\">max-model-len</th><td><bdi>auto</bdi></td>")
                .contains("<td>finished</td><td class=\"number\">36</td><td>at most 1</td><td>local-")
                .contains("<th scope=\"row\">model</th>")
                .doesNotContain("not finished");
        assertThat(page.split("<canvas", -1)).hasSizeBetween(1 + 3 + 2, 1 + 3 + 4);
    }

    @Test
    void escapesWhatStrangersWroteAndRunsNothingButItsOwnScripts() throws Exception {
        assertThat(report(output))
                .contains("&lt;script&gt;bad-0")
                .doesNotContain("<script>bad")
                .contains("Question &lt;b&gt;number&lt;/b&gt; 0&lt;U+001B&gt;[31m {{ 7 * 191 }}?")
                .contains("default-src &#39;none&#39;; img-src data:")
                .doesNotContain("unsafe-")
                .doesNotContain("\u001b");
    }

    @Test
    void saysWhatIsMissingOfAnUnfinishedOutputAndOfOneWithoutRequests() throws Exception {
        Path unfinished = folder.resolve("unfinished");
        FileUtils.copyDirectory(output.toFile(), unfinished.toFile());
        Files.delete(unfinished.resolve("_SUCCESS"));
        Files.delete(unfinished.resolve("_sparkvlm.json"));
        Path starts = unfinished.resolve("_sparkvlm_starts.json");
        String start = Files.readString(starts)
                .replace("\"finished\"", "\"\"")
                .replaceAll("\"ended\" : \"[^\"]+", "\"ended\" : \"");
        Files.delete(unfinished.resolve("._sparkvlm_starts.json.crc"));
        Files.writeString(starts, start);
        assertThat(report(unfinished))
                .contains("The table is not finished")
                .contains("<td>still runs, or was killed</td><td class=\"number\"></td>")
                .contains("Questions are not shown: the output has no _sparkvlm.json")
                .contains("The output has no _sparkvlm.json, in which a job records what it was asked.")
                .contains("<li><b>36</b> <span>rows</span></li>");
    }

    @Test
    void saysThatAnEmptyOutputHasNeitherAnswersNorErrors() throws Exception {
        assertThat(report(empty))
                .contains("<li><b>0</b> <span>rows</span></li>")
                .contains("No row has an answer.")
                .contains("No row has an error.")
                .doesNotContain("<canvas", "<article");
    }

    @Test
    void refusesWhatIsNoOutputAndAPageThatCannotBeWritten() {
        assertThat(refusal("report", folder.resolve("nowhere").toString())).contains("nowhere is not there");
        assertThat(refusal("report", output.toString(), "--html", "no/such/folder/page.html"))
                .contains("expected --html to name a file in a folder that is there");
        Path inside = output.resolve("report.html");
        for (String command : new String[] {"report", "show"}) {
            assertThat(refusal(command, output.toString(), "--html", inside.toString()))
                    .contains("expected --html to name a file outside of the output")
                    .hasLineCount(1);
        }
        assertThat(inside).doesNotExist();
    }

    @Test
    void theLicenceOfTheScriptLiesBesideIt() {
        assertThat(HtmlPage.class.getResource("chart.umd.min.js")).isNotNull();
        assertThat(HtmlPage.class.getResource("chart.js.LICENSE.md")).isNotNull();
    }

    private static String line(String customId, String role, String question) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + "{\"messages\":[{\"role\":\"" + role + "\",\"content\":\"" + question
                + "\"}],\"temperature\":0,\"max_tokens\":1}}\n";
    }

    private static String report(Path output) throws Exception {
        Path page = folder.resolve("page.html");
        assertThat(Main.run(new String[] {"report", output.toString(), "--html", page.toString()}))
                .isZero();
        return Files.readString(page);
    }

    private static String refusal(String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(args)).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        return err.toString(StandardCharsets.UTF_8);
    }
}
