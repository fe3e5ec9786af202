package io.sparkvlm.spark.watch;

import com.codahale.metrics.MetricRegistry;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.settings.PluginList;
import java.io.IOException;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the numbers of tasks and engines into Spark's metrics: each executor its own, and the driver the sums of all. An executor tells
 * the driver every few seconds, because it has no page of its own that a Prometheus could read.
 */
public final class MetricsPlugin implements SparkPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPlugin.class);

    private static final long MILLIS_BETWEEN = 2_000;

    /** Adds the plugin to those that the configuration names already. */
    public static SparkConf addTo(SparkConf conf) {
        return PluginList.add(conf, MetricsPlugin.class);
    }

    @Override
    public DriverPlugin driverPlugin() {
        return new OnDriver();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new OnExecutor();
    }

    private static void register(MetricRegistry registry, ToDoubleFunction<String> value) {
        for (String name : ExecutorNumbers.now().keySet()) {
            registry.gauge(name, () -> () -> value.applyAsDouble(name));
        }
    }

    private static double here(String name) {
        return ExecutorNumbers.now().getOrDefault(name, 0.0);
    }

    private static final class OnDriver implements DriverPlugin {
        private final JobNumbers others = new JobNumbers();

        @Override
        public Map<String, String> init(SparkContext context, PluginContext plugin) {
            context.addSparkListener(new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                    others.ended(removed.executorId());
                }
            });
            return Map.of();
        }

        @Override
        public void registerMetrics(String applicationId, PluginContext plugin) {
            register(plugin.metricRegistry(), this::sum);
        }

        @Override
        public Object receive(Object message) {
            ToldNumbers told = ToldNumbers.of(message);
            others.told(told.executor(), told.numbers());
            return null;
        }

        /** With what this process has counted, where it runs the tasks itself. */
        private double sum(String name) {
            return others.sum(name) + here(name);
        }
    }

    private static final class OnExecutor implements ExecutorPlugin {
        private final Timer clock = new Timer("sparkvlm-metrics", true);
        private Runnable telling = () -> {}; // a driver that runs tasks itself need not be told

        @Override
        public void init(PluginContext context, Map<String, String> extraConf) {
            if (!context.executorID().equals(ExecutorResources.DRIVER)) {
                register(context.metricRegistry(), MetricsPlugin::here);
                telling = () -> tell(context);
                clock.schedule(
                        new TimerTask() {
                            @Override
                            public void run() {
                                telling.run();
                            }
                        },
                        0,
                        MILLIS_BETWEEN);
            }
        }

        /** So that the sums are whole once the last task has ended. */
        @Override
        public void onTaskSucceeded() {
            telling.run();
        }

        private static void tell(PluginContext context) {
            try {
                context.send(new ToldNumbers(context.executorID(), ExecutorNumbers.now()).message());
            } catch (IOException | RuntimeException e) { // the next time tells all
                LOG.debug("The driver could not be told: {}", e.toString());
            }
        }

        @Override
        public void shutdown() {
            clock.cancel();
        }
    }
}
