package io.sparkvlm.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks' command line. */
@Command(
        name = "bench",
        description =
                "Measures the engine beside the machine's limits, the embedded model's answers, and isolation's cost.",
        mixinStandardHelpOptions = true,
        subcommands = {EngineBench.class, AccuracyBench.class, DecodingBench.class})
final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
