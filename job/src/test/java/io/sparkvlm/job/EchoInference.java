package io.sparkvlm.job;

import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.spark.settings.InFlightLimits;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.settings.PreprocessingSettings.MediaSettings;
import io.sparkvlm.spark.settings.PreprocessingSettings.RemoteSettings;
import java.nio.file.Path;
import java.util.List;

/** How tests of the job answer: the tokenizer of a small checkpoint, no files opened to requests, an {@link EchoEngine}. */
public final class EchoInference {
    private static final Path CHECKPOINT = Path.of("../preprocessing/src/test/resources/reference/tied/checkpoint");

    private EchoInference() {}

    public static InferenceConfig config() {
        PreprocessingSettings preprocessing = new PreprocessingSettings(
                CHECKPOINT.toAbsolutePath().toString(),
                List.of("tiny"),
                Strictness.LENIENT,
                DefaultsSource.OPENAI,
                EngineSettings.AUTO,
                "",
                RemoteSettings.CLOSED,
                new MediaSettings(3136, 1003520, 10, 2, 1 << 20, 1 << 20, 1 << 20, 60, DecoderIsolation.THIS_PROCESS),
                7);
        return new InferenceConfig(preprocessing, new EchoEngine.Source(), new InFlightLimits(8, 1 << 20));
    }
}
