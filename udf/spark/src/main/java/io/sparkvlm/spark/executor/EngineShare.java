package io.sparkvlm.spark.executor;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.IncurableException;
import io.sparkvlm.spark.settings.EngineSource;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task's share of the executor's engine, in whose place another is opened when it breaks. For the task's thread. */
final class EngineShare {
    private static final Logger LOG = LoggerFactory.getLogger(EngineShare.class);

    /** Three for a row that breaks its engine, twice among others and once alone; and as many for its neighbour. */
    private static final int MOST_IN_A_ROW = 6;

    private final Leases leases;
    private SharedResource<EngineSource, Engine>.Lease lease;
    private int brokenInARow;

    EngineShare(Leases leases) throws Exception {
        this.leases = leases;
        this.lease = leases.next();
    }

    /** Where shares of the executor's engine come from. */
    @FunctionalInterface
    interface Leases {
        SharedResource<EngineSource, Engine>.Lease next() throws Exception;
    }

    static EngineShare ofThisTask(EngineSource source) throws Exception {
        TaskContext task = TaskContext.get();
        return new EngineShare(() -> ExecutorResources.leaseFor(task, ExecutorResources.ENGINE, source));
    }

    Engine engine() {
        return lease.resource();
    }

    /** Notes that the engine has answered a row. */
    void answered() {
        brokenInARow = 0;
    }

    /**
     * Opens another engine, unless that was done since this one broke.
     *
     * @throws EngineException the fault, where it is no use to go on
     */
    void replace(Engine broken, EngineException fault) {
        if (broken != engine()) {
            return;
        }
        if (ExceptionUtils.indexOfType(fault, IncurableException.class) >= 0) {
            throw fault;
        }
        brokenInARow++;
        try {
            lease.discard();
            if (brokenInARow > MOST_IN_A_ROW) {
                throw new EngineException(
                        brokenInARow + " engines broke one after the other without an answer between: "
                                + fault.getMessage(),
                        fault);
            }
            LOG.warn("The engine broke and is opened again: {}", fault.getMessage());
            lease = leases.next();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new EngineException("the engine broke and could not be opened again: " + e.getMessage(), e);
        }
    }
}
