package io.sparkvlm.spark;

import io.sparkvlm.api.Engine;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that the tasks of this executor share.
 *
 * <p>Static, because a process has one device's memory and one set of native libraries, and Spark hands tasks nothing
 * else that they have in common. A task takes the preprocessor before the engine, always, so that tasks of two
 * configurations cannot wait for each other in a circle.
 */
final class ExecutorResources {
    static final SharedResource<PreprocessingSettings, Preprocessor> PREPROCESSOR =
            new SharedResource<>(PreprocessingSettings::open);
    static final SharedResource<EngineSource, Engine> ENGINE =
            new SharedResource<>(source -> source.open(ExecutorGpu.address()));

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorResources.class);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ExecutorResources::closeAll, "sparkvlm-close"));
    }

    private ExecutorResources() {}

    /** The preprocessor of these settings, shared by the executor's tasks, until the running task ends. */
    static Preprocessor preprocessor(PreprocessingSettings settings) throws Exception {
        return leaseFor(TaskContext.get(), PREPROCESSOR, settings).resource();
    }

    /** Takes a share of a resource until the task ends, however it ends; the wait for it ends with the task. */
    static <K, R extends AutoCloseable> SharedResource<K, R>.Lease leaseFor(
            TaskContext task, SharedResource<K, R> shared, K key) throws Exception {
        SharedResource<K, R>.Lease lease = shared.acquire(key, task::killTaskIfInterrupted);
        TaskCompletionListener giveBack = context -> lease.close();
        task.addTaskCompletionListener(giveBack);
        return lease;
    }

    private static void closeAll() {
        try {
            ENGINE.close();
            PREPROCESSOR.close();
        } catch (Exception e) {
            LOG.warn("the engine could not be closed at the end of the process", e);
        }
    }
}
