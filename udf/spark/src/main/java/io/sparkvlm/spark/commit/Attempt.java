package io.sparkvlm.spark.commit;

import java.io.Serializable;
import org.apache.spark.TaskContext;

/**
 * One attempt to write a partition.
 *
 * @param run the {@link Publication} that it writes for
 * @param id Spark's, which grows from attempt to attempt
 */
record Attempt(String run, int partition, long id) implements Serializable {
    /** That of the task on this thread. */
    static Attempt ofThisTask(String run) {
        return new Attempt(run, TaskContext.getPartitionId(), TaskContext.get().taskAttemptId());
    }
}
