package io.sparkvlm.job;

import io.sparkvlm.job.cli.RootCommand;
import io.sparkvlm.job.run.StopSignals;
import org.apache.spark.SparkUserAppException;

/** The entry class of the jar, which {@code spark-submit --class} names: it hands its arguments to the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws SparkUserAppException {
        StopSignals.take();
        int code = run(args);
        if (!isInsideYarn()) {
            System.exit(code);
        }
        if (code != 0) {
            throw new SparkUserAppException(code, null);
        }
    }

    /** YARN's application master takes an exit of the driver in it for a failure, whatever the code, and starts the job again. */
    private static boolean isInsideYarn() {
        return System.getProperty("spark.master", "").equals("yarn")
                && System.getProperty("spark.submit.deployMode", "").equals("cluster");
    }

    /** Runs a command in this JVM and returns its exit code: 0 done, 1 aborted, 2 refused, 3 too many error rows. */
    public static int run(String... args) {
        return RootCommand.run(args);
    }
}
