package io.sparkvlm.spark.executor;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.spark.settings.EngineSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * A driver whose tasks all take a share of their executor's engine, an engine that writes down which GPU it was opened
 * for. Arguments: the master, the folder for what is written down, {@code plugin} or {@code tasks}: who tells the
 * executors their GPU.
 */
final class AssignedGpusJob {
    private static final int TASKS = 48;

    private AssignedGpusJob() {}

    public static void main(String[] args) {
        RecordingEngine.Source source = new RecordingEngine.Source(args[1]);
        SparkConf conf = new SparkConf()
                .setMaster(args[0])
                .setAppName("assigned GPUs")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executor.memory", "512m")
                .set("spark.executor.extraJavaOptions", AssignedGpusTest.QUICK_START)
                .set("spark.executor.cores", "2")
                .set("spark.executor.resource.gpu.amount", "1")
                .set("spark.task.resource.gpu.amount", "0.5")
                .set("spark.cores.max", "8")
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "600s");
        if (args[2].equals("plugin")) {
            EnginePlugin.addTo(conf, source);
        }
        try (SparkSession spark = SparkSession.builder().config(conf).getOrCreate()) {
            spark.range(0, TASKS, 1, TASKS)
                    .mapPartitions(new TakesAShare(source), Encoders.STRING())
                    .collectAsList()
                    .forEach(System.out::println);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One line a task: its process and the GPU of the engine that it shares. */
    private record TakesAShare(EngineSource source) implements MapPartitionsFunction<Long, String> {
        @Override
        public Iterator<String> call(Iterator<Long> rows) throws Exception {
            Engine engine = ExecutorResources.leaseFor(TaskContext.get(), ExecutorResources.ENGINE, source)
                    .resource();
            Thread.sleep(50); // so that no executor runs all the tasks
            return List.of("task " + ProcessHandle.current().pid() + " " + ((RecordingEngine) engine).gpu)
                    .iterator();
        }
    }

    /** Writes a file for each engine that is opened, named by who opens it: the process's number and the GPU. */
    private static final class RecordingEngine implements Engine {
        private final String gpu;

        private RecordingEngine(String gpu) {
            this.gpu = gpu;
        }

        record Source(String folder) implements EngineSource {
            @Override
            public Engine open(List<String> gpus) throws IOException {
                String gpu = gpus.isEmpty() ? "none" : gpus.get(0);
                String line = ProcessHandle.current().pid() + " " + gpu;
                String teller = Thread.currentThread().getName().equals(EnginePlugin.THREAD) ? "plugin" : "tasks";
                Files.writeString(Files.createTempFile(Path.of(folder), "opened-by-" + teller + "-", ".txt"), line);
                return new RecordingEngine(gpu);
            }

            @Override
            public void requireDevice() {} // it needs none
        }

        @Override
        public CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
            throw new UnsupportedOperationException("nothing is generated here");
        }

        @Override
        public EngineCounters counters() {
            return EngineCounters.NONE;
        }

        @Override
        public void close() {}
    }
}
