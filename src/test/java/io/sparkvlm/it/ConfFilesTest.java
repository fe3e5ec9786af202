package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.ModelMemory;
import io.sparkvlm.engine.PublishedModel;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.LibtorchEnvironment;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.deploy.k8s.Config$;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.internal.config.package$;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The files for spark-submit go together, name settings that there are, and have the planner's numbers. */
final class ConfFilesTest {
    private static final int ROW_TOKENS = 2048;

    /** Names that are open in Spark; those of RAPIDS are held where its plans are. */
    private static final Pattern OPEN = Pattern.compile(
            "spark\\.(executorEnv|yarn\\.appMasterEnv|kubernetes\\.driverEnv|rapids)"
                    + "\\..+|spark\\.executor\\.resource\\.gpu\\.(amount|vendor|discoveryScript)|spark\\.task\\.resource\\.gpu\\.amount");

    private static final String OURS = "spark.sparkvlm.";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @FieldSource("io.sparkvlm.it.ConfFiles#COMBINATIONS")
    void filesThatGoTogetherSayNothingTwice(List<String> files) throws IOException {
        Map<String, String> whole = new HashMap<>();
        for (String file : files) {
            ConfFiles.settings(file)
                    .forEach((key, value) ->
                            assertThat(whole.put(key, value)).as(key).isNull());
        }
        assertThat(whole).containsKey("spark.master");
    }

    @Test
    void everySettingIsOneOfSparksOrOfTheJobs() throws IOException {
        assertThat(package$.MODULE$).isNotNull(); // both register their settings when they are loaded
        assertThat(Config$.MODULE$).isNotNull();
        String options = Files.readString(ConfFiles.CONF.resolve("job.properties"));
        for (String file : List.of("local", "standalone", "yarn", "kubernetes", "cpu", "gpu", "rapids")) {
            ConfFiles.settings(file).keySet().forEach(key -> {
                boolean known = key.startsWith(OURS)
                        ? options.contains("\n# " + key.substring(OURS.length()) + " =")
                        : OPEN.matcher(key).matches() || ConfigEntry.findEntry(key) != null || isOfSubmit(key);
                assertThat(known).as("%s in %s.conf", key, file).isTrue();
            });
        }
    }

    /** Of spark-submit, which keeps no register. */
    private static boolean isOfSubmit(String key) {
        return key.equals("spark.master");
    }

    /** model, weights, keys and values, largest step, decoders, overhead. */
    @Test
    void theMemoryOutsideTheHeapHoldsWhatThePlannerSays() throws IOException {
        Pattern row = Pattern.compile(
                "#\\s+(Qwen2-VL-\\w+)\\s+([\\d.]+)\\s+([\\d.]+)\\s+([\\d.]+)\\s+([\\d.]+)\\s+(\\d+)g\n");
        List<MatchResult> rows = rows(row, "cpu");
        assertThat(rows).hasSize(2);
        for (MatchResult model : rows) {
            // On a GPU all weights count: here those that are read where they lie in their file are the container's
            // too.
            assertThat(model.group(2))
                    .isEqualTo(gigabytes(
                            memory(model.group(1), DeviceSpec.Kind.CUDA, 1).mostWeightBytes()));
            assertThat(model.group(4))
                    .isEqualTo(gigabytes(
                            memory(model.group(1), DeviceSpec.Kind.CPU, 1).stepBytes()));
            assertThat(model.group(3)).isEqualTo(gigabytes(4L << 30));
            double sum = 0;
            for (int part = 2; part <= 5; part++) {
                sum += Double.parseDouble(model.group(part));
            }
            long overhead = Long.parseLong(model.group(6));
            assertThat(sum * 1e9).isBetween((double) ((overhead - 4) << 30), (double) (overhead << 30));
        }
        assertThat(ConfFiles.settings("cpu"))
                .containsEntry("spark.sparkvlm.kv-cache-memory-bytes", "4g")
                .containsEntry("spark.executor.memoryOverhead", rows.get(0).group(6) + "g");
    }

    /** All but templates of pods, which Spark reads where spark-submit starts. */
    @Test
    void noFileNeedsAnotherThatLiesWhereSparkSubmitStarts() throws IOException {
        for (String file : List.of("local", "standalone", "yarn", "kubernetes", "cpu", "gpu", "rapids")) {
            ConfFiles.settings(file).forEach((key, value) -> {
                if (!key.endsWith("podTemplateFile")) {
                    assertThat(ConfFiles.CONF.resolveSibling(value))
                            .as("%s in %s.conf", key, file)
                            .doesNotExist();
                }
            });
        }
    }

    /** The job sets it for its executors, and no file can set it for a driver that computes. */
    @Test
    void whateverStartsADriverSetsTheEnvironmentOfTheJobsExecutors() throws IOException {
        Path checkout = ConfFiles.CONF.getParent();
        String shell = Arrays.stream(LibtorchEnvironment.values())
                .map(LibtorchEnvironment::assignment)
                .collect(Collectors.joining(" "));
        assertThat(Files.readString(ConfFiles.file("local"))).contains("\n#   export " + shell + "\n");
        for (LibtorchEnvironment fast : LibtorchEnvironment.values()) {
            String name = fast.variable();
            for (String script : List.of("sparkvlm", "src/bench/run")) {
                assertThat(Files.readString(checkout.resolve(script)))
                        .contains("\nexport " + name + "=\"${" + name + ":-" + fast.value() + "}\"\n");
            }
            assertThat(Files.readString(checkout.resolve("notebooks/sparkvlm/_session.py")))
                    .contains("\"" + name + "\": \"" + fast.value() + "\"");
        }
    }

    @Test
    void aDriverThatComputesCompilesAsTheLauncherSays() throws IOException {
        assertThat(Files.readString(ConfFiles.CONF.resolveSibling("sparkvlm")))
                .contains("\ncompiler=\"" + ConfFiles.settings("local").get("spark.driver.extraJavaOptions") + "\"\n");
    }

    /** model, GPUs, weights of each, largest step, keys and values of a row. */
    @Test
    void theMemoryOfGpusIsWhatThePlannerSays() throws IOException {
        Pattern row = Pattern.compile("#\\s+(Qwen2-VL-\\w+)\\s+(\\d)\\s+([\\d.]+)\\s+([\\d.]+)\\s+([\\d.]+)\n");
        List<MatchResult> rows = rows(row, "gpu");
        assertThat(rows).hasSize(PublishedModel.ALL.size());
        for (MatchResult model : rows) {
            ModelMemory memory = memory(model.group(1), DeviceSpec.Kind.CUDA, Integer.parseInt(model.group(2)));
            assertThat(model.group(3)).isEqualTo(gigabytes(memory.mostWeightBytes()));
            assertThat(model.group(4)).isEqualTo(gigabytes(memory.stepBytes()));
            double perRow = memory.cacheBytesPerBlock() / 16.0 * ROW_TOKENS / 1e9;
            assertThat(model.group(5)).isEqualTo(String.format(Locale.ROOT, "%.2f", perRow));
        }
    }

    @Test
    void theScriptTellsSparkTheGpus() throws Exception {
        Path smi = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\necho 0\necho 3\n");
        assertThat(smi.toFile().setExecutable(true)).isTrue();
        ProcessBuilder script =
                new ProcessBuilder(ConfFiles.CONF.resolve("discover-gpus").toString());
        script.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
        Process process = script.start();
        String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        ResourceInformation gpus = ResourceInformation.parseJson(json);
        assertThat(gpus.name()).isEqualTo("gpu");
        assertThat(gpus.addresses()).containsExactly("0", "3");
    }

    private static List<MatchResult> rows(Pattern row, String file) throws IOException {
        return row.matcher(Files.readString(ConfFiles.file(file))).results().toList();
    }

    private static ModelMemory memory(String model, DeviceSpec.Kind kind, int devices) throws IOException {
        PublishedModel published =
                PublishedModel.named("Qwen/" + model + "-Instruct").orElseThrow();
        EngineConfig config = EngineOptions.defaults()
                .settings(model)
                .plannedConfig(kind)
                .with(DeviceMesh.first(devices, kind), Quantization.NONE);
        return ModelMemory.of(config, published.planned());
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1e9);
    }
}
