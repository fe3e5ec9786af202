package io.sparkvlm.job.input;

import io.sparkvlm.job.input.files.RequestFiles;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Sets how a session plans the reading of a job's input, where its user has not. */
public final class PlanSettings {
    /**
     * To generate and compile Java for a job's plans takes some three seconds of one processor, and more until the just-in-time
     * compiler is done with it. What that saves later is worth less up to so many bytes of requests.
     */
    private static final long INTERPRETED_BYTES = 32L << 20;

    /** Has Spark interpret a plan. */
    public static final Map<String, String> INTERPRETED =
            Map.of("spark.sql.codegen.wholeStage", "false", "spark.sql.codegen.factoryMode", "NO_CODEGEN");

    private PlanSettings() {}

    public static void choose(JobSource input, SparkSession spark) {
        // Executors that join meanwhile would change how the input is split between one look at it and the next.
        spark.conf().set("spark.sql.leafNodeDefaultParallelism", ClusterCores.of(spark.sparkContext()));
        long bytes = input.requestFiles().map(RequestFiles::bytes).orElse(Long.MAX_VALUE);
        if (bytes <= INTERPRETED_BYTES
                && INTERPRETED.keySet().stream().noneMatch(spark.conf().getAll()::contains)) {
            INTERPRETED.forEach(spark.conf()::set);
        }
    }
}
