package io.sparkvlm.bench;

import io.sparkvlm.bench.corpus.CorpusBench;
import io.sparkvlm.bench.endurance.JournalBench;
import io.sparkvlm.bench.endurance.ScaleBench;
import io.sparkvlm.bench.endurance.SoakBench;
import io.sparkvlm.bench.kill.KillBench;
import io.sparkvlm.bench.kill.StartsBench;
import io.sparkvlm.bench.peers.PeersBench;
import io.sparkvlm.bench.schemas.SchemaBench;
import io.sparkvlm.bench.serve.AbuseBench;
import io.sparkvlm.bench.serve.AbusersCommand;
import io.sparkvlm.bench.serve.ServeBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks' command line. */
@Command(
        name = "bench",
        description =
                "Measures engine, preprocessing and answers, beside others' too, runs what strangers made through them, and kills jobs.",
        mixinStandardHelpOptions = true,
        subcommands = {
            EngineBench.class,
            KernelBench.class,
            PeersBench.class,
            LinearBench.class,
            AccuracyBench.class,
            CorpusBench.class,
            PromptsBench.class,
            PreprocessingBench.class,
            DecodingBench.class,
            FuzzBench.class,
            SsrfBench.class,
            KillBench.class,
            StartsBench.class,
            ScaleBench.class,
            SoakBench.class,
            JournalBench.class,
            SchemaBench.class,
            ServeBench.class,
            AbuseBench.class,
            AbusersCommand.class
        })
public final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }
}
