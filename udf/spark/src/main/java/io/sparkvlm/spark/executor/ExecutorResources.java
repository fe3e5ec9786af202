package io.sparkvlm.spark.executor;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.IncurableException;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.remote.RemoteServers;
import io.sparkvlm.spark.remote.ServersOpener;
import io.sparkvlm.spark.remote.ServersSource;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.settings.RemoteEngine;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.apache.spark.SparkEnv;
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
public final class ExecutorResources {
    static final SharedResource<PreprocessingSettings, Preprocessor> PREPROCESSOR =
            new SharedResource<>(PreprocessingSettings::open);
    static final SharedResource<EngineSource, Engine> ENGINE = new SharedResource<>(ExecutorResources::opened);

    static final SharedResource<ServersSource, RemoteServers> SERVERS =
            new SharedResource<>(source -> ServersOpener.open(source, RemoteEngine.apiKey(), ExecutorGpu.addresses()));

    /** Spark's id of the executor that is the driver, in local mode. */
    public static final String DRIVER = "driver";

    /** An executor's exit code; any but Spark's own will do. */
    private static final int STALLED = 75;

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorResources.class);

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> closeEach(ENGINE, SERVERS, PREPROCESSOR), "sparkvlm-close"));
    }

    private ExecutorResources() {}

    /** An engine; what is wrong with the checkpoint, or with the options for it, no other attempt puts right. */
    private static Engine opened(EngineSource source) throws IOException {
        try {
            return source.open(ExecutorGpu.addresses());
        } catch (CheckpointException | NoSuchFileException | NotDirectoryException | IllegalArgumentException e) {
            throw new IncurableException(e.getMessage(), e);
        }
    }

    /** The preprocessor of these settings, shared by the executor's tasks, until the running task ends. */
    public static Preprocessor preprocessor(PreprocessingSettings settings) throws Exception {
        return leaseFor(TaskContext.get(), PREPROCESSOR, settings).resource();
    }

    /** What the executor's engine has done; nothing while none is open. */
    public static EngineCounters engineCounters() {
        return ENGINE.open().map(Engine::counters).orElse(EngineCounters.NONE);
    }

    /** Spark's id of this executor. */
    public static String executorId() {
        return SparkEnv.get().executorId();
    }

    /** The servers of this source, shared by the executor's tasks, until the running task ends. */
    public static RemoteServers servers(ServersSource source) throws Exception {
        SharedResource<ServersSource, RemoteServers>.Lease lease = leaseFor(TaskContext.get(), SERVERS, source);
        if (lease.resource().hasEnded()) { // in an earlier job of this session
            lease.discard();
            lease = leaseFor(TaskContext.get(), SERVERS, source);
        }
        return lease.resource();
    }

    /** Takes a share of a resource until the task ends, however it ends; the wait for it ends with the task. */
    static <K, R extends AutoCloseable> SharedResource<K, R>.Lease leaseFor(
            TaskContext task, SharedResource<K, R> shared, K key) throws Exception {
        SharedResource<K, R>.Lease lease = shared.acquire(key, task::killTaskIfInterrupted);
        TaskCompletionListener giveBack = context -> lease.close();
        task.addTaskCompletionListener(giveBack);
        return lease;
    }

    /**
     * Ends the executor, which is the only way to free a thread that is stuck in native code; Spark starts another. A driver that
     * runs tasks itself ends its job.
     */
    public static IncurableException end(StalledEngineException stalled) {
        if (!executorId().equals(DRIVER)) {
            LOG.error("{}: this executor ends", stalled.getMessage());
            Runtime.getRuntime().halt(STALLED);
        }
        return new IncurableException(stalled.getMessage() + ": start the same command again to go on", stalled);
    }

    /** Whatever becomes of those before it: a server that is not closed keeps its GPU for seconds longer. */
    static void closeEach(SharedResource<?, ?>... resources) {
        for (SharedResource<?, ?> resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("what tasks shared could not be closed at the end of the process", e);
            }
        }
    }
}
