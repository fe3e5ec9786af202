package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's commands as they stand there. */
final class ReadmeTest {
    private static final Path TOP = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("```bash\\n(.*?)```", Pattern.DOTALL);

    /** The command that runs this test. */
    private static final String TESTS = "./mvnw verify";

    @TempDir
    private Path folder;

    @Test
    void everyCommandRunsAsItStandsOrSaysWhatItNeeds() throws Exception {
        assumeThat(SparkProcess.jar()).as("made by the package phase").exists();
        List<String> commands = commandsThatNeedNothing();
        assertThat(commands).contains(TESTS).hasSizeGreaterThan(1);
        commands.remove(TESTS);

        for (String command : commands) {
            // From another folder, because commands write below the one where they run.
            String moved = command.replace("./sparkvlm", "'" + TOP.resolve("sparkvlm") + "'");
            assertThat(moved).isNotEqualTo(command);
            assertThat(exitCode(moved)).as(command).isZero();
        }
        assertThat(folder.resolve("answers.html")).content().contains("103 rows");
        assertThat(Job.rows(folder.resolve("sparkvlm-demo/output")))
                .hasSize(103)
                .filteredOn(row -> row.<String>getAs("status").equals("error"))
                .hasSize(5);
    }

    @Test
    void filesAndFoldersItPointsToAreThere() throws IOException {
        Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(readme());
        List<String> targets = new ArrayList<>();
        while (link.find()) {
            targets.add(link.group(1));
        }
        assertThat(targets).isNotEmpty().allMatch(target -> Files.exists(TOP.resolve(target)));
    }

    private static List<String> commandsThatNeedNothing() throws IOException {
        List<String> commands = new ArrayList<>();
        Matcher block = BLOCK.matcher(readme());
        while (block.find()) {
            if (!block.group(1).startsWith("# needs ")) {
                commands.addAll(block.group(1).lines().toList());
            }
        }
        return commands;
    }

    private static String readme() throws IOException {
        return Files.readString(TOP.resolve("README.md"));
    }

    private int exitCode(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }
}
