package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.KubernetesDriverConf;
import org.apache.spark.deploy.k8s.KubernetesDriverSpec;
import org.apache.spark.deploy.k8s.KubernetesExecutorConf;
import org.apache.spark.deploy.k8s.KubernetesExecutorSpec;
import org.apache.spark.deploy.k8s.SparkPod;
import org.apache.spark.deploy.k8s.submit.JavaMainAppResource;
import org.apache.spark.deploy.k8s.submit.KubernetesDriverBuilder;
import org.apache.spark.internal.config.package$;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import org.apache.spark.util.SystemClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

/** The pods that Spark makes of conf/spark/kubernetes.conf and the templates in conf/kubernetes; no cluster is asked. */
final class KubernetesPodsTest {
    private static final KubernetesClient CLIENT = new KubernetesClientBuilder().build();

    /** The process has one, and it would ask for GPUs in the next test's Spark. */
    @AfterEach
    void forgetTheProfile() {
        ResourceProfile$.MODULE$.clearDefaultProfile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"driver.yaml", "executor.yaml", "executor-gpu.yaml"})
    void theTemplatesHaveNoFieldThatPodsHaveNot(String template) throws ReflectiveOperationException, IOException {
        Pod pod =
                Serialization.unmarshal(Files.readString(ConfFiles.CONF.resolve("kubernetes/" + template)), Pod.class);
        assertThat(unknownFields("", pod)).isEmpty();
        assertThat(unknownFields(
                        "",
                        Serialization.unmarshal("{\"spec\": {\"containers\": [{\"volumeMount\": []}]}}", Pod.class)))
                .as("a misspelt one is found")
                .containsExactly("/spec/containers: volumeMount");
    }

    @Test
    void anExecutorOnAGpuHasItAndTheMemoryOfItsHeapAndOverhead() throws IOException {
        SparkPod executor = executor("gpu");
        Map<String, Quantity> limits = executor.container().getResources().getLimits();
        assertThat(limits.get("nvidia.com/gpu")).isEqualTo(new Quantity("1"));
        assertThat(limits.get("memory")).isEqualTo(new Quantity("20480Mi"));
        assertThat(executor.container().getResources().getRequests().get("cpu")).isEqualTo(new Quantity("8"));
        assertThat(executor.pod().getSpec().getTolerations())
                .extracting(toleration -> toleration.getKey())
                .contains("nvidia.com/gpu");
    }

    @Test
    void anExecutorOnProcessorsHasNoGpu() throws IOException {
        SparkPod executor = executor("cpu");
        Map<String, Quantity> limits = executor.container().getResources().getLimits();
        assertThat(limits).doesNotContainKey("nvidia.com/gpu");
        assertThat(executor.pod().getSpec().getTolerations())
                .as("machines that are kept for GPUs are kept from it")
                .isNullOrEmpty();
        assertThat(mounts(executor.container())).contains("/models", "/dev/shm", "/var/tmp/sparkvlm");
        assertThat(limits.get("memory")).isEqualTo(new Quantity("16384Mi"));
    }

    @Test
    void podsHaveTheVolumesOfTheTemplates() throws IOException {
        SparkPod executor = executor("gpu");
        assertThat(executor.container().getImage()).isEqualTo("spark-vlm");
        assertThat(mounts(executor.container())).contains("/models", "/dev/shm", "/var/tmp/sparkvlm");
        assertThat(executor.pod().getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().equals("shared-memory"))
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getEmptyDir().getMedium()).isEqualTo("Memory"));
        KubernetesDriverSpec driver = new KubernetesDriverBuilder()
                .buildFromFeatures(
                        new KubernetesDriverConf(
                                conf("gpu"),
                                "app",
                                new JavaMainAppResource(Option.apply("local:///opt/spark-vlm/spark-vlm.jar")),
                                "io.sparkvlm.job.Main",
                                new String[] {"doctor"},
                                Option.empty(),
                                new SystemClock()),
                        CLIENT);
        assertThat(mounts(driver.pod().container())).contains("/models");
        assertThat(driver.pod().container().getArgs()).contains("io.sparkvlm.job.Main", "doctor");
        assertThat(driver.pod().pod().getSpec().getServiceAccountName()).isEqualTo("spark");
    }

    private static List<String> mounts(Container container) {
        return container.getVolumeMounts().stream()
                .map(mount -> mount.getMountPath())
                .toList();
    }

    private static SparkPod executor(String what) throws IOException {
        SparkConf conf = conf(what).set("spark.driver.host", "driver");
        KubernetesExecutorSpec executor = new KubernetesExecutorBuilder()
                .buildFromFeatures(
                        new KubernetesExecutorConf(conf, "app", "1", Option.empty(), 0),
                        new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE()),
                        CLIENT,
                        ResourceProfile$.MODULE$.getOrCreateDefaultProfile(conf));
        return executor.pod();
    }

    /** As spark-submit reads it from the checkout's folder. */
    private static SparkConf conf(String what) throws IOException {
        SparkConf conf = new SparkConf(false).set("spark.app.name", "job");
        for (String file : List.of("kubernetes", what)) {
            ConfFiles.settings(file)
                    .forEach(
                            (key, value) -> conf.set(key, key.endsWith("podTemplateFile") ? inCheckout(value) : value));
        }
        return conf;
    }

    private static String inCheckout(String file) {
        Path path = ConfFiles.CONF.resolveSibling(file);
        assertThat(path).exists();
        return path.toUri().toString();
    }

    /** Fields that the model of Kubernetes does not know, wherever they are. */
    private static List<String> unknownFields(String path, Object part) throws ReflectiveOperationException {
        List<String> unknown = new ArrayList<>();
        if (part instanceof Collection<?> parts) {
            for (Object one : parts) {
                unknown.addAll(unknownFields(path, one));
            }
        } else if (part instanceof KubernetesResource) {
            for (Method getter : part.getClass().getMethods()) {
                if (getter.getName().equals("getAdditionalProperties")) {
                    ((Map<?, ?>) getter.invoke(part)).keySet().forEach(field -> unknown.add(path + ": " + field));
                } else if (getter.getName().startsWith("get") && getter.getParameterCount() == 0) {
                    String field = getter.getName().substring(3, 4).toLowerCase(Locale.ROOT)
                            + getter.getName().substring(4);
                    unknown.addAll(unknownFields(path + "/" + field, getter.invoke(part)));
                }
            }
        }
        return unknown;
    }
}
