package io.sparkvlm.preprocessing;

import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a fault of the program on a row into an error row that names the log's entry, so that the job goes on. */
final class RowFaults {
    private static final Logger LOGGER = LoggerFactory.getLogger(RowFaults.class);

    private RowFaults() {}

    /** Errors of the machine, such as a lack of memory, pass through. */
    static <T> Outcome<T> caught(String rowId, Supplier<Outcome<T>> step) {
        try {
            return step.get();
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            String requestId = "req_" + UUID.randomUUID().toString().replace("-", "");
            LOGGER.error("row {} failed, request id {}", rowId, requestId, e);
            return Outcome.rejected(Rejection.of(
                    EngineCode.SERVER_ERROR,
                    "expected an answer, found a fault of the program; request id " + requestId + " in the log"));
        }
    }
}
