package io.sparkvlm.spark;

import io.sparkvlm.api.Rejection;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a row that a defect of ours met: an error row with an id, under which the log has the whole of it. */
final class RowFault {
    private static final Logger LOG = LoggerFactory.getLogger(RowFault.class);

    private RowFault() {}

    static Rejection rejection(String rowId, Throwable defect) {
        String requestId = "req_" + UUID.randomUUID();
        LOG.error("row {} failed with {}", rowId, requestId, defect);
        return Rejection.of(
                Rejection.Code.SERVER_ERROR,
                "the row could not be answered because of an internal error; the log of the executor names it "
                        + requestId);
    }
}
