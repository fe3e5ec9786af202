package io.sparkvlm.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.sparkvlm.api.Engine;
import io.sparkvlm.spark.settings.EngineSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

final class EnginePluginTest {
    /** Static, because the source travels as bytes. */
    private static final CompletableFuture<String> OPENED_BY = new CompletableFuture<>();

    @Test
    void opensTheEngineBesideADriverThatRunsTasksItself() throws Exception {
        SparkConf conf = new SparkConf(false);
        EnginePlugin.addTo(conf, new TellsWhoOpens());

        new EnginePlugin().executorPlugin().init(new OfTheDriver(conf), Map.of());

        assertThat(OPENED_BY.get(1, TimeUnit.MINUTES)).isEqualTo(EnginePlugin.THREAD);
    }

    /** Cannot be opened, which no test of another class then finds open. */
    private record TellsWhoOpens() implements EngineSource {
        @Override
        public Engine open(List<String> gpus) throws IOException {
            OPENED_BY.complete(Thread.currentThread().getName());
            throw new IOException("no engine");
        }

        @Override
        public void requireDevice() {} // it needs none
    }

    private record OfTheDriver(SparkConf conf) implements PluginContext {
        @Override
        public MetricRegistry metricRegistry() {
            return new MetricRegistry();
        }

        @Override
        public String executorID() {
            return ExecutorResources.DRIVER;
        }

        @Override
        public String hostname() {
            return "localhost";
        }

        @Override
        public Map<String, ResourceInformation> resources() {
            return Map.of();
        }

        @Override
        public void send(Object message) {
            throw new UnsupportedOperationException("nothing is sent");
        }

        @Override
        public Object ask(Object message) {
            throw new UnsupportedOperationException("nothing is asked");
        }
    }
}
