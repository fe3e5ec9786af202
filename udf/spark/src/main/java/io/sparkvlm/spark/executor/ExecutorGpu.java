package io.sparkvlm.spark.executor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * The GPUs that Spark assigned to this executor: what {@link EnginePlugin} was told when the executor
 * started, else what the first task that asks was given. An executor has one engine and so all of them, whatever
 * share of one a task is counted for.
 *
 * <p>Static, because an executor is a process and its resources do not change. Thread-safe.
 */
final class ExecutorGpu {
    /** Spark's name of the resource, as in {@code spark.executor.resource.gpu.amount}. */
    static final String RESOURCE = "gpu";

    private static volatile List<String> ofExecutor = List.of();

    private ExecutorGpu() {}

    /** Takes what Spark gave to the executor. */
    static void assign(Map<String, ResourceInformation> resources) {
        ofExecutor = addresses(resources);
    }

    /** Addresses as Spark's discovery script gave them, usually indices in nvidia-smi's list. */
    static List<String> addresses() {
        TaskContext task = TaskContext.get();
        return ofExecutor.isEmpty() && task != null ? addresses(task.resourcesJMap()) : ofExecutor;
    }

    private static List<String> addresses(Map<String, ResourceInformation> resources) {
        ResourceInformation gpus = resources.get(RESOURCE);
        return gpus == null ? List.of() : Arrays.asList(gpus.addresses());
    }
}
