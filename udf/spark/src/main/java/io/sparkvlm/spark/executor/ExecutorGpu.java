package io.sparkvlm.spark.executor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPU that Spark assigned to this executor, if it assigned one: what {@link EnginePlugin} was told when the executor
 * started, else what the first task that asks was given. An executor has one engine and so one GPU, whatever share of it
 * a task is counted for.
 *
 * <p>Static, because an executor is a process and its resources do not change. Thread-safe.
 */
final class ExecutorGpu {
    /** Spark's name of the resource, as in {@code spark.executor.resource.gpu.amount}. */
    static final String RESOURCE = "gpu";

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorGpu.class);

    private static volatile List<String> ofExecutor = List.of();

    private ExecutorGpu() {}

    /** Takes what Spark gave to the executor. */
    static void assign(Map<String, ResourceInformation> resources) {
        List<String> addresses = addresses(resources);
        if (addresses.size() > 1) {
            LOG.warn(
                    "This executor has the GPUs {} and computes on {} alone; set spark.executor.resource.gpu.amount=1 and"
                            + " start an executor for each.",
                    addresses,
                    addresses.get(0));
        }
        ofExecutor = addresses;
    }

    /** The address as Spark's discovery script gave it, usually an index of nvidia-smi's list. */
    static Optional<String> address() {
        TaskContext task = TaskContext.get();
        List<String> addresses = ofExecutor.isEmpty() && task != null ? addresses(task.resourcesJMap()) : ofExecutor;
        return addresses.stream().findFirst();
    }

    private static List<String> addresses(Map<String, ResourceInformation> resources) {
        ResourceInformation gpus = resources.get(RESOURCE);
        return gpus == null ? List.of() : Arrays.asList(gpus.addresses());
    }
}
