package io.sparkvlm.spark.executor;

import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PluginList;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
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
 * Learns, as an executor starts, which GPU Spark gave it, and opens the engine and the preprocessor there while the driver still
 * looks at the input. What cannot be opened then, the first task tries again and reports.
 */
public final class EnginePlugin implements SparkPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(EnginePlugin.class);
    static final String THREAD = "sparkvlm-open";
    private static final String ENGINE = "spark.sparkvlm.internal.engine";
    private static final String PREPROCESSING = "spark.sparkvlm.internal.preprocessing";

    /**
     * Adds the plugin to those that the configuration names already; for the tasks of servers nothing is opened, and no
     * preprocessor with media roots, whose settings of Hadoop hold credentials: Spark shows its own to all who see its pages.
     */
    public static void addTo(SparkConf conf, InferenceConfig inference) {
        if (inference.engine().isRemote()) {
            return;
        }
        addTo(conf, inference.ownEngine());
        if (inference.preprocessing().mediaRoots().isEmpty()) {
            conf.set(PREPROCESSING, text(inference.preprocessing()));
        }
    }

    /** The same for tasks whose prompts are made. */
    static void addTo(SparkConf conf, EngineSource engine) {
        PluginList.add(conf, EnginePlugin.class).set(ENGINE, text(engine));
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
            SparkConf conf = context.conf(); // names nothing where the plugin was named without a job
            Thread opening = new Thread(() -> open(conf), THREAD);
            opening.setDaemon(true);
            opening.start();
        }

        /** What is opened is given back at once; it stays open for the first task. */
        private static void open(SparkConf conf) {
            try {
                if (conf.contains(ENGINE)) {
                    EngineSource engine = (EngineSource) object(conf.get(ENGINE));
                    ExecutorResources.ENGINE.acquire(engine, () -> {}).close();
                }
                if (conf.contains(PREPROCESSING)) {
                    PreprocessingSettings preprocessing = (PreprocessingSettings) object(conf.get(PREPROCESSING));
                    ExecutorResources.PREPROCESSOR
                            .acquire(preprocessing, () -> {})
                            .close();
                }
            } catch (Exception | Error e) { // which would end the executor
                LOG.info("What tasks will ask for could not be opened before the first of them: {}", e.toString());
            }
        }
    }

    private static String text(Serializable source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(source);
        } catch (IOException e) {
            throw new UncheckedIOException("expected settings that can travel to the executors", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static Object object(String text) throws IOException, ClassNotFoundException {
        byte[] bytes = Base64.getDecoder().decode(text);
        try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return stream.readObject();
        }
    }
}
