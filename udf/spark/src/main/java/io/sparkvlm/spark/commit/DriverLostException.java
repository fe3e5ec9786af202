package io.sparkvlm.spark.commit;

/** The driver did not answer a task: the task has failed, and none of its rows. */
public final class DriverLostException extends RuntimeException {
    DriverLostException(Throwable cause) {
        super("the driver did not answer", cause);
    }
}
