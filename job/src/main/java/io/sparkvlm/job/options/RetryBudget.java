package io.sparkvlm.job.options;

import org.apache.spark.SparkConf;

/**
 * How often Spark tries again, where the user has not said it. Rows that end their executor take attempts of the tasks that run
 * there, and machines come and go for days; what no attempt puts right ends the job at once, and needs no bound here.
 */
final class RetryBudget {
    /** Three for each of some thirty rows in one task that end their executor. */
    private static final int ATTEMPTS = 100;

    /** Fewer than a task may have in all, and enough for a file system that fails now and then. */
    private static final int ATTEMPTS_ON_ONE_EXECUTOR = 3;

    /** Of a stage, before its executor gets none of it any more; more than run at once on a small one. */
    private static final int FAILED_TASKS_OF_ONE_EXECUTOR = 16;

    private static final String EXCLUDE = "spark.excludeOnFailure.";

    private RetryBudget() {}

    static void setOn(SparkConf conf) {
        conf.setIfMissing("spark.task.maxFailures", "" + ATTEMPTS);
        conf.setIfMissing("spark.stage.maxConsecutiveAttempts", "" + ATTEMPTS);
        conf.setIfMissing("spark.executor.maxNumFailures", "" + ATTEMPTS);
        conf.setIfMissing("spark.executor.failuresValidityInterval", "1h");
        conf.setIfMissing("spark.speculation", "false");
    }

    /** An executor that fails its tasks at once would get them all; the machine is not to blame, nor one that died. */
    static void excludeBrokenExecutors(SparkConf conf) {
        int attempts = conf.getInt("spark.task.maxFailures", ATTEMPTS);
        if (conf.contains(EXCLUDE + "enabled") || attempts <= ATTEMPTS_ON_ONE_EXECUTOR) {
            return; // the user has said it, or Spark wants fewer on one executor than in all
        }
        conf.set(EXCLUDE + "enabled", "true");
        conf.setIfMissing(EXCLUDE + "task.maxTaskAttemptsPerExecutor", "" + ATTEMPTS_ON_ONE_EXECUTOR);
        conf.setIfMissing(EXCLUDE + "task.maxTaskAttemptsPerNode", "" + (attempts - 1));
        for (String of : new String[] {"stage", "application"}) {
            conf.setIfMissing(EXCLUDE + of + ".maxFailedTasksPerExecutor", "" + FAILED_TASKS_OF_ONE_EXECUTOR);
            conf.setIfMissing(EXCLUDE + of + ".maxFailedExecutorsPerNode", "" + Integer.MAX_VALUE);
        }
    }
}
