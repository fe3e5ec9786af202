package io.sparkvlm.job;

import io.sparkvlm.job.cli.RootCommand;
import io.sparkvlm.job.run.StopSignals;

/** The entry class of the jar, which {@code spark-submit --class} names: it hands its arguments to the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        StopSignals.take();
        System.exit(run(args));
    }

    /** Runs a command in this JVM and returns its exit code: 0 done, 1 aborted, 2 refused, 3 too many error rows. */
    public static int run(String... args) {
        return RootCommand.run(args);
    }
}
