package io.sparkvlm.spark;

import io.sparkvlm.api.EngineException;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Rejection;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a defect of this program into the error of the row that met it, with an id under which the log has the whole
 * of it.
 */
final class ServerErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ServerErrors.class);

    private ServerErrors() {}

    static Rejection rejection(String rowId, Throwable defect) {
        String requestId = requestId();
        LOG.error("row {} failed with {}", rowId, requestId, defect);
        return named(requestId, "the row could not be answered because of an internal error");
    }

    /** The engine's rejection as the row shows it: a server_error gets an id, which the engine cannot give because it knows no rows. */
    static Rejection ofEngine(String rowId, Rejection rejection) {
        if (rejection.code() != EngineCode.SERVER_ERROR) {
            return rejection;
        }
        String requestId = requestId();
        LOG.error("row {} failed in the engine with {}: {}", rowId, requestId, rejection.message());
        return named(requestId, rejection.message());
    }

    /** Of a row that breaks every engine, alone and among others. */
    static Rejection ofBrokenEngines(String rowId, EngineException fault) {
        String requestId = requestId();
        LOG.error("row {} breaks its engine, with {}", rowId, requestId, fault);
        return named(requestId, "three engines broke while they computed the row, the last with no other row in it");
    }

    /** Of a row that ends the process that computes it. */
    static Rejection crashed(String rowId) {
        LOG.error("row {} is not computed any more: its process ended whenever it was", rowId);
        return Rejection.of(
                EngineCode.WORKER_CRASHED,
                "expected a process that computes the row and goes on, found that it ended each time, with no other row in"
                        + " it at last");
    }

    private static Rejection named(String requestId, String message) {
        return Rejection.of(EngineCode.SERVER_ERROR, message + "; the log of the executor names it " + requestId);
    }

    private static String requestId() {
        return "req_" + UUID.randomUUID();
    }
}
