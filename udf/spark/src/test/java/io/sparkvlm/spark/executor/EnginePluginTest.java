package io.sparkvlm.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.sparkvlm.api.Engine;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InFlightLimits;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
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

    @Test
    void keepsCredentialsOfMediaRootsOutOfWhatSparkShows() {
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.s3a.secret.key", "hunter2");
        assertThat(shown(MediaRoots.of(List.of("s3a://bucket/pictures"), hadoop)))
                .isNotEmpty()
                .noneMatch(value -> value.contains("hunter2"));
        assertThat(shown(MediaRoots.CLOSED)).anyMatch(value -> value.contains("PreprocessingSettings"));
    }

    /** What is in the configuration, as it can be read there. */
    private static List<String> shown(MediaRoots roots) {
        SparkConf conf = new SparkConf(false);
        EnginePlugin.addTo(
                conf,
                new InferenceConfig(
                        new PreprocessingSettings("model", PreprocessingConfig.DEFAULT, roots, Set.of()),
                        new TellsWhoOpens(),
                        new InFlightLimits(1, 1, Duration.ofSeconds(1))));
        return Arrays.stream(conf.getAllWithPrefix("spark.sparkvlm.internal."))
                .map(setting -> new String(Base64.getDecoder().decode(setting._2()), StandardCharsets.ISO_8859_1))
                .toList();
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
