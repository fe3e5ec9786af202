package io.sparkvlm.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs Jazzer on one target in a JVM of its own and reads what it saw.
 *
 * @param edges of the control flow that some input took
 * @param features what tells inputs apart: edges, how often each was taken, comparisons
 * @param corpus inputs that each do something of their own
 * @param findings each an exception and where its input lies
 */
record FuzzRun(long executions, long edges, long features, long corpus, List<String> findings) {
    private static final Pattern STATE = Pattern.compile("cov: (\\d+) ft: (\\d+) corp: (\\d+)");
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units:\\s+(\\d+)");
    private static final Pattern FINDING = Pattern.compile("== Java Exception: (.*)|SUMMARY: libFuzzer: (.*)");
    private static final Pattern INPUT = Pattern.compile("Test unit written to (.*)");

    /** Before the rest is left to another run: each distinct stack is one. */
    private static final int MAX_FINDINGS = 10;

    /** Much more than any takes: the first one also loads and instruments the classes. */
    private static final int SLOWEST_INPUT_SECONDS = 30;

    /** What tells a stranger's bytes apart: ours, and the reader of JSON. */
    private static final String OBSERVED = "io.sparkvlm.**:com.fasterxml.jackson.core.**";

    FuzzRun {
        findings = List.copyOf(findings);
    }

    static FuzzRun of(FuzzTarget target, int seconds, Path folder) throws IOException, InterruptedException {
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path found = Files.createDirectories(folder.resolve("findings"));
        int number = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(seeds.resolve(String.valueOf(number++)), seed);
        }
        Path log = folder.resolve("log");
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+EnableDynamicAgentLoading",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.entry(),
                        "--instrumentation_includes=" + OBSERVED,
                        "--keep_going=" + MAX_FINDINGS,
                        "--reproducer_path=" + found,
                        "-artifact_prefix=" + found + "/",
                        "-max_total_time=" + seconds,
                        "-timeout=" + SLOWEST_INPUT_SECONDS,
                        "-print_final_stats=1",
                        corpus.toString(),
                        seeds.toString())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start()
                .waitFor();
        return parse(log, status);
    }

    private static FuzzRun parse(Path log, int status) throws IOException {
        // Some of what is said of an input is no UTF-8, and replaced.
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        List<String> findings = new ArrayList<>();
        FuzzRun last = new FuzzRun(0, 0, 0, 0, List.of());
        for (String line : lines) {
            Matcher state = STATE.matcher(line);
            Matcher executed = EXECUTED.matcher(line);
            Matcher finding = FINDING.matcher(line);
            Matcher input = INPUT.matcher(line);
            if (state.find()) {
                last = new FuzzRun(0, number(state, 1), number(state, 2), number(state, 3), List.of());
            } else if (executed.find()) {
                last = new FuzzRun(number(executed, 1), last.edges, last.features, last.corpus, List.of());
            } else if (finding.find()) {
                findings.add(finding.group());
            } else if (input.find() && !findings.isEmpty()) {
                findings.set(findings.size() - 1, findings.get(findings.size() - 1) + ": " + input.group(1));
            }
        }
        if (status != 0 && findings.isEmpty()) {
            findings.add("Jazzer ended with status " + status + ": " + log);
        }
        List<String> distinct = findings.stream().distinct().toList();
        return new FuzzRun(last.executions, last.edges, last.features, last.corpus, distinct);
    }

    private static long number(Matcher matcher, int group) {
        return Long.parseLong(matcher.group(group));
    }
}
