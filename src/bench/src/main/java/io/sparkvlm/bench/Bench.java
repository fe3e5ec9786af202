package io.sparkvlm.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks' command line. */
@Command(
        name = "bench",
        description = "Measures engine, preprocessing and answers, and runs what strangers made through them.",
        mixinStandardHelpOptions = true,
        subcommands = {
            EngineBench.class,
            KernelBench.class,
            AccuracyBench.class,
            CorpusBench.class,
            PromptsBench.class,
            PreprocessingBench.class,
            DecodingBench.class,
            FuzzBench.class,
            SsrfBench.class
        })
final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
