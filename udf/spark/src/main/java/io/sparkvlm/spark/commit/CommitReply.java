package io.sparkvlm.spark.commit;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.executor.CommitDeniedException;

/** What the driver answers a task. */
sealed interface CommitReply extends Serializable {
    /** The rows of the partition that are published, by earlier attempts and by this one; ends the task where it may not go on. */
    RowIds published();

    /** The task may go on. */
    record Granted(RowIds published) implements CommitReply {}

    /** The task may begin no other row. */
    record Stopping() implements CommitReply {
        @Override
        public RowIds published() {
            return new RowIds();
        }
    }

    /** The row is not to be computed: it has brought its process down before. */
    record Crashed() implements CommitReply {
        @Override
        public RowIds published() {
            return new RowIds();
        }
    }

    /** Another attempt writes the partition. Spark counts no failure, and runs the partition again if no attempt is left. */
    record Superseded() implements CommitReply {
        @Override
        public RowIds published() {
            TaskContext task = TaskContext.get();
            throw CommitReply.<RuntimeException>unchecked(new CommitDeniedException(
                    "a later attempt writes the partition", task.stageId(), task.partitionId(), task.attemptNumber()));
        }
    }

    /** The table holds rows of the file that was offered: the task has failed, whatever it did. */
    record Repeated() implements CommitReply {
        @Override
        public RowIds published() {
            throw new IllegalStateException("expected rows that are not in the table, found some that are");
        }
    }

    /** Spark looks for its own exception, which Java has to declare and Scala's interfaces do not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E unchecked(Exception exception) throws E {
        throw (E) exception;
    }
}
