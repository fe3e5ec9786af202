package io.sparkvlm.job.cli;

import io.sparkvlm.job.demo.AnswerKey;
import io.sparkvlm.job.demo.DemoFolder;
import io.sparkvlm.job.doctor.AnswerCheck;
import io.sparkvlm.job.doctor.Finding;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.job.options.inference.InferenceOptions;
import io.sparkvlm.job.run.LocalModel;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.torch.device.DeviceMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * Asks the small model in the jar the demo's first question, about a picture, on the processor and on each GPU, in this process and
 * without Spark. Takes little memory, and GPUs that have an engine already too: it looks at a machine that may be in use.
 */
final class KnownQuestion {
    /** Of a few of the small model's sequences: what is free need not be known. */
    private static final String CACHE = "64m";

    private KnownQuestion() {}

    static List<Finding> findings() {
        Path folder;
        try {
            folder = Files.createTempDirectory("sparkvlm-doctor");
        } catch (IOException e) {
            return List.of(
                    Finding.missing("known answer: a temporary folder cannot be made", "set java.io.tmpdir to one"));
        }
        try {
            DemoFolder demo = DemoFolder.prepare(folder);
            String known = AnswerKey.read(demo.path()).questions().get(0).answer();
            return devices()
                    .map(device -> AnswerCheck.of(known, device, () -> answer(demo, device)))
                    .toList();
        } catch (IOException e) {
            return List.of(Finding.missing(
                    "known answer: the demo cannot be written, " + e.getMessage(), "make room in java.io.tmpdir"));
        } finally {
            FileUtils.deleteQuietly(folder.toFile());
        }
    }

    private static Stream<String> devices() {
        return Stream.concat(
                Stream.of("cpu"), IntStream.range(0, DeviceMesh.visibleGpus()).mapToObj(gpu -> "cuda:" + gpu));
    }

    private static String answer(DemoFolder demo, String device) throws Exception {
        InferenceConfig config = new InferenceOptions(
                        demo.model().toString(),
                        EngineOptions.of("--device", device, "--kv-cache-memory-bytes", CACHE),
                        DemoCommand.requests(demo))
                .config(SparkHadoopUtil.get().newConfiguration(new SparkConf(false)));
        String line = Files.readAllLines(demo.requests()).get(0);
        RequestRow row = new RequestRow("doctor:0", Optional.empty(), line, new BinaryColumns(Map.of()));
        try (LocalModel model = LocalModel.open(config)) {
            return model.answers(List.of(row)).get(0).fold(Completion::text, rejection -> {
                throw new IllegalStateException(rejection.message());
            });
        }
    }
}
