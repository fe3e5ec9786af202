package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the doctor prints, and how it ends. */
final class DoctorCommandTest {
    private static final String DEMO_MODEL = "src/main/resources/io/sparkvlm/job/demo/model";

    private final StringWriter out = new StringWriter();

    @Test
    void printsEveryFindingAsJsonAndEndsWellWhereNothingIsMissing() throws IOException {
        int code = run("doctor", "--json", "--model", DEMO_MODEL);
        JsonNode findings = new ObjectMapper().readTree(out.toString());
        assertThat(findings.isArray()).isTrue();
        List<String> what = new ArrayList<>();
        for (JsonNode finding : findings) {
            assertThat(finding.fieldNames()).toIterable().containsExactly("level", "what", "todo");
            assertThat(finding.get("level").asText()).isIn("ok", "warn");
            assertThat(finding.get("todo").asText().isEmpty())
                    .isEqualTo(finding.get("level").asText().equals("ok"));
            what.add(finding.get("what").asText());
        }
        assertThat(what)
                .contains("known answer on cpu: the small model in the jar says \"The circle is blue.\"")
                .anyMatch(line -> line.startsWith("model " + DEMO_MODEL + ": whole"));
        assertThat(code).isZero();
    }

    @Test
    void endsWithOneWhereSomethingIsMissing() {
        assertThat(run("doctor", "--model", "no-such-folder")).isEqualTo(1);
        assertThat(out.toString().lines()).anyMatch(line -> line.startsWith("missing: model no-such-folder: "));
    }

    @Test
    void looksAtTheMachinesOfExecutors() {
        assertThat(run("doctor", "--executors", "--model", "no-such-folder")).isEqualTo(1);
        assertThat(out.toString().lines())
                .singleElement()
                .asString()
                .startsWith("missing: ")
                .contains("/driver: missing: model no-such-folder: ");
    }

    private int run(String... arguments) {
        CommandLine line = RootCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        return line.execute(arguments);
    }
}
