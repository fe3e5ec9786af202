package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the README and of docs as they stand there. */
final class ReadmeTest {
    private static final Pattern BLOCK =
            Pattern.compile("^ *```bash\\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern BLOCK_BY_ANOTHER_NAME =
            Pattern.compile("^ *```(sh|shell|console|zsh)\\b", Pattern.MULTILINE);
    private static final Pattern ANSWER =
            Pattern.compile("^```json\\n(\\{\\n.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /** The command that runs this test. */
    private static final String TESTS = "./mvnw verify";
    /** What it leaves is what most other commands take. */
    private static final String DEMO = "./sparkvlm demo";

    @TempDir
    private Path folder;

    @Test
    void everyCommandRunsAsItStandsOrSaysWhatItNeeds() throws Exception {
        assumeThat(SparkProcess.jar()).as("made by the package phase").exists();
        Set<String> commands = commandsThatNeedNothing();
        assertThat(commands).contains(TESTS).startsWith(DEMO);
        commands.remove(TESTS);

        commands.remove(DEMO);

        // From another folder, because commands write below the one where they run.
        succeeds(List.of("bash", "-c", DEMO.replace("./sparkvlm", "'" + Pages.TOP.resolve("sparkvlm") + "'")));
        // The script does the same for each; LauncherTest has what is its own.
        assertThat(commands).isNotEmpty().allMatch(CommandsInOneJvm::canRun);
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Pages.TOP.resolve("conf/spark-java.options"),
                "-Xmx2g"));
        java.addAll(SparkProcess.QUICK_START);
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), CommandsInOneJvm.class.getName()));
        java.addAll(commands);
        succeeds(java);

        assertThat(folder.resolve("answers.html")).content().contains("103 rows");
        assertThat(Job.rows(folder.resolve("formats")))
                .extracting(row -> row.<String>getAs("text"))
                .hasSize(3)
                .contains("The circle is blue.", "It is blue.")
                .anyMatch(text ->
                        text.matches("\\{\\s*\"shape\":\\s*\"(circle|square)\",\\s*\"colour\":\\s*\"(red|green|blue)\","
                                + "\\s*\"count\":\\s*[1-9]\\s*}"));
        List<Row> rows = DemoAnswers.of(folder.resolve("sparkvlm-demo"));
        assertThat(rows)
                .hasSize(103)
                .filteredOn(row -> row.<String>getAs("status").equals("error"))
                .hasSize(5);
        isTheRowThatTheReadmeShows(rows);
    }

    @Test
    void noCommandIsInABlockThatIsNotRun() {
        assertThat(Pages.ofUsers())
                .noneMatch(
                        page -> BLOCK_BY_ANOTHER_NAME.matcher(Pages.text(page)).find());
    }

    /** But for what differs from run to run: times, and where the model lies. */
    private static void isTheRowThatTheReadmeShows(List<Row> rows) throws IOException {
        Matcher answer = ANSWER.matcher(Pages.text(Pages.README));
        assertThat(answer.find()).isTrue();
        ObjectNode shown = (ObjectNode) Reference.JSON.readTree(answer.group(1));
        Row row = rows.stream()
                .filter(it ->
                        it.getAs("custom_id").equals(shown.get("custom_id").textValue()))
                .findFirst()
                .orElseThrow();
        assertThat(sameInEveryRun((ObjectNode) Reference.JSON.readTree(row.json())))
                .isEqualTo(sameInEveryRun(shown));
    }

    private static JsonNode sameInEveryRun(ObjectNode row) throws IOException {
        row.properties().removeIf(column -> column.getValue().isNull());
        ObjectNode response =
                (ObjectNode) Reference.JSON.readTree(row.get("response").textValue());
        ((ObjectNode) response.at("/usage/prompt_tokens_details")).remove("cached_tokens");
        row.set("response", response.without(List.of("created", "model")));
        ((ObjectNode) row.get("usage")).remove("cached_tokens");
        ObjectNode timing = (ObjectNode) row.get("timing");
        timing.fieldNames().forEachRemaining(name -> timing.put(name, 0));
        return row;
    }

    /** Each command once, in the order of the pages. */
    private static Set<String> commandsThatNeedNothing() {
        Set<String> commands = new LinkedHashSet<>();
        for (Path page : Pages.ofUsers()) {
            BLOCK.matcher(Pages.text(page))
                    .results()
                    .map(MatchResult::group)
                    .map(block -> block.lines().map(String::strip).toList())
                    .map(lines -> lines.subList(1, lines.size() - 1))
                    .filter(lines -> !lines.get(0).startsWith("# needs "))
                    .forEach(commands::addAll);
        }
        return commands;
    }

    private void succeeds(List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .put(
                        "SPARKVLM_PROPERTIES_FILE",
                        Pages.TOP.resolve("conf/job.properties").toString());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(() -> Pages.text(log)).isZero();
    }
}
