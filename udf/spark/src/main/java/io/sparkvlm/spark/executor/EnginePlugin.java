package io.sparkvlm.spark.executor;

import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.PluginList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns, as an executor starts, which GPU Spark gave it, and opens the engine there while the driver still looks at the
 * input. What cannot be opened then, the first task tries again and reports.
 */
public final class EnginePlugin implements SparkPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(EnginePlugin.class);
    static final String THREAD = "sparkvlm-open";
    private static final String SOURCE = "spark.sparkvlm.internal.engine";

    /** Adds the plugin to those that the configuration names already. */
    public static void addTo(SparkConf conf, EngineSource source) {
        PluginList.add(conf, EnginePlugin.class).set(SOURCE, text(source));
    }

    /** Nothing is to be done on the driver, and Spark takes null for that. */
    @Override
    public DriverPlugin driverPlugin() {
        return null;
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new OnExecutor();
    }

    private static final class OnExecutor implements ExecutorPlugin {
        @Override
        public void init(PluginContext context, Map<String, String> extraConf) {
            ExecutorGpu.assign(context.resources());
            String source = context.conf().get(SOURCE, ""); // empty where the plugin was named without a job
            // A driver that runs tasks itself may yet refuse the job: nothing is opened for it.
            if (!context.executorID().equals(ExecutorResources.DRIVER) && !source.isEmpty()) {
                Thread opening = new Thread(() -> open(source), THREAD);
                opening.setDaemon(true);
                opening.start();
            }
        }

        private static void open(String source) {
            try {
                // Given back at once; it stays open for the first task.
                ExecutorResources.ENGINE.acquire(source(source), () -> {}).close();
            } catch (Exception | Error e) { // which would end the executor
                LOG.warn("The engine could not be opened before the first task: {}", e.toString());
            }
        }
    }

    private static String text(EngineSource source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(source);
        } catch (IOException e) {
            throw new UncheckedIOException("expected an engine source that can travel to the executors", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static EngineSource source(String text) throws IOException, ClassNotFoundException {
        byte[] bytes = Base64.getDecoder().decode(text);
        try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (EngineSource) stream.readObject();
        }
    }
}
