package io.sparkvlm.bench.kill;

import io.sparkvlm.bench.Checkout;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.kill.JobCommand;
import io.sparkvlm.job.kill.JobProcess;
import io.sparkvlm.job.kill.KilledJob;
import io.sparkvlm.job.kill.OutputCheck;
import io.sparkvlm.job.kill.Trial;
import io.sparkvlm.job.kill.Workload;
import io.sparkvlm.job.output.OutputFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Harms jobs in many ways, starts them again until they end, and compares what they leave with a job's that nothing happened to. */
@Command(
        name = "kills",
        description = "Kills, stops and starves jobs of a fake engine of 5 ms a row, starts them again until they end,"
                + " and counts rows that are lost, there twice, or different.")
public final class KillBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "HARM", description = "Of ${COMPLETION-CANDIDATES} (default: all)")
    private List<Harm> harms = List.of(Harm.values());

    @Option(names = "--runs", defaultValue = "2", description = "Of each harm (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--rows", defaultValue = "1000", description = "Of a job (default: ${DEFAULT-VALUE})")
    private int rows;

    @Option(
            names = "--folder",
            description = "For outputs and logs; disk-full fills up its disk, so give it a small one for that"
                    + " (default: a new one in the system's)")
    private Path folder;

    @Override
    public Integer call() throws Exception {
        Path work = folder == null ? Files.createTempDirectory("sparkvlm-kills") : Files.createDirectories(folder);
        PrintWriter out = spec.commandLine().getOut();
        boolean clean = true;
        try (Workload load = Workload.of(rows, work, Checkout.file("").toAbsolutePath());
                Places places = new Places(work);
                SparkSession spark = LocalSpark.withCores(1)) {
            Map<OutputFormat, Map<String, String>> undisturbed = undisturbed(load, work, spark);
            out.printf("%-24s %s%n", "harm", "runs, starts, kills: lost, twice, foreign, different; begun again");
            for (Harm harm : harms) {
                List<Trial.Result> results = new ArrayList<>();
                for (int run = 0; run < runs; run++) {
                    Path log = work.resolve(harm + "-" + run + ".log");
                    String output = places.output(harm, run);
                    Trial trial =
                            new Trial(load, command(load, output, harm.format()), undisturbed.get(harm.format()), log);
                    harm.happenTo(trial, places);
                    results.add(trial.result(spark));
                }
                out.println(line(harm, results));
                results.forEach(result -> result.complaints().forEach(what -> out.println("    " + what)));
                out.flush();
                clean &= results.stream().allMatch(Trial.Result::isClean);
            }
        }
        return clean ? 0 : 1;
    }

    private static Map<OutputFormat, Map<String, String>> undisturbed(Workload load, Path work, SparkSession spark)
            throws IOException, InterruptedException {
        Map<OutputFormat, Map<String, String>> contents = new EnumMap<>(OutputFormat.class);
        for (OutputFormat format : OutputFormat.values()) {
            String output = work.resolve("undisturbed-" + format + ".jsonl").toString();
            try (JobProcess job = command(load, output, format).start(work.resolve("undisturbed.log"))) {
                if (job.exitCode() != 0) {
                    throw new IOException("expected a job that ends well, found another: see " + work);
                }
            }
            contents.put(format, OutputCheck.contents(output, format, spark));
        }
        return contents;
    }

    private static JobCommand command(Workload load, String output, OutputFormat format) {
        return new JobCommand(Checkout.file("job").toAbsolutePath(), load.input(), output, format, List.of());
    }

    private static String line(Harm harm, List<Trial.Result> results) {
        OutputCheck sum = new OutputCheck(0, 0, 0, 0);
        int starts = 0;
        int kills = 0;
        int mostBegunAgain = 0;
        for (Trial.Result result : results) {
            sum = sum.plus(result.check());
            starts += result.starts();
            kills += result.kills();
            mostBegunAgain = Math.max(mostBegunAgain, result.begunAgain() / Math.max(1, result.kills()));
        }
        return String.format(
                "%-24s %d runs, %d starts, %d kills: %s; %d rows begun again a kill in the worst run, of %d that may be",
                harm, results.size(), starts, kills, sum, mostBegunAgain, KilledJob.CORES * KilledJob.MOST_BEGUN_AGAIN);
    }
}
