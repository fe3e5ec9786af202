package io.sparkvlm.job.input;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Says how many tasks a job can run at once, also before its executors are there: Spark's own number counts those that have come,
 * of which there are few at the start, and fewest where Spark adds executors as it needs them.
 */
public final class ClusterCores {
    /** Executors that are thought of where their number has no bound: Spark asks for more only while tasks wait. */
    private static final int EXECUTORS_WITHOUT_BOUND = 32;

    /** A bound of executors may be none in fact, and Spark's driver keeps account of each task, of which a core has several. */
    private static final long MOST_CORES = 4096;

    private ClusterCores() {}

    /** The cores that the job has, or will have by its settings. */
    public static int of(SparkContext context) {
        int there = context.defaultParallelism();
        return context.isLocal() ? there : of(context.getConf(), there);
    }

    /** @param there Spark's number of now */
    static int of(SparkConf conf, int there) {
        if (conf.contains("spark.default.parallelism")) {
            return there;
        }
        long cores = conf.getLong("spark.executor.cores", 1) * executors(conf);
        long most = conf.getLong("spark.cores.max", Integer.MAX_VALUE); // standalone's bound of the job
        return (int) Math.max(there, Math.min(Math.min(cores, most), MOST_CORES));
    }

    private static long executors(SparkConf conf) {
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            return conf.getLong("spark.dynamicAllocation.maxExecutors", EXECUTORS_WITHOUT_BOUND);
        }
        return conf.getLong("spark.executor.instances", 0);
    }
}
