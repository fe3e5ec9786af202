package io.sparkvlm.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has Jazzer look for bytes that bring anything but the declared error out of what takes bytes from strangers. */
@Command(name = "fuzz", description = "Runs Jazzer, guided by coverage, on what reads strangers' bytes in Java.")
final class FuzzBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "TARGET",
            description = "Some of ${COMPLETION-CANDIDATES}. Default: all of them")
    private List<FuzzTarget> targets = List.of(FuzzTarget.values());

    @Option(names = "--seconds", defaultValue = "60", description = "A target takes. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--folder",
            description = "Keeps what was learned, for the next run, and what was found. Default: ${DEFAULT-VALUE}")
    private Path folder = Checkout.file("src/bench/target/fuzz");

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-12s %12s %8s %10s %8s %9s%n", "target", "executions", "edges", "features", "corpus", "findings");
        int findings = 0;
        for (FuzzTarget target : targets) {
            FuzzRun run = FuzzRun.of(target, seconds, folder.resolve(target.toString()));
            out.printf(
                    "%-12s %12d %8d %10d %8d %9d%n",
                    target,
                    run.executions(),
                    run.edges(),
                    run.features(),
                    run.corpus(),
                    run.findings().size());
            run.findings().forEach(finding -> out.println("  " + finding));
            out.flush();
            findings += run.findings().size();
        }
        return findings == 0 ? 0 : 1;
    }
}
