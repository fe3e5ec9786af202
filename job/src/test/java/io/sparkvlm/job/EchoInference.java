package io.sparkvlm.job;

import io.sparkvlm.preprocessing.ContextLimit;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InFlightLimits;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** How tests of the job answer: the tokenizer of a small checkpoint, no files opened to requests, an {@link EchoEngine}. */
public final class EchoInference {
    private static final Path CHECKPOINT = Path.of("../preprocessing/src/test/resources/reference/tied/checkpoint");

    private EchoInference() {}

    public static InferenceConfig config() {
        return config(new EchoEngine.Source(), WebAccess.CLOSED, 7);
    }

    /**
     * The same with another engine, and media that may be fetched.
     *
     * @param seed of the job
     */
    public static InferenceConfig config(EngineSource engine, WebAccess web, long seed) {
        PreprocessingConfig config = new PreprocessingConfig(
                "",
                web,
                Duration.ofMinutes(1),
                List.of("tiny"),
                Strictness.LENIENT,
                ContextLimit.OF_THE_MODEL,
                PixelBounds.IMAGE_DEFAULT,
                new MediaLimits(1 << 20, 1 << 20),
                VideoLimits.of(1 << 20, 1 << 20, Duration.ofMinutes(1)),
                DecoderIsolation.THIS_PROCESS,
                new MediaCounts(10, 2),
                1,
                DefaultsSource.OPENAI,
                JobSampling.NONE,
                seed);
        PreprocessingSettings preprocessing =
                new PreprocessingSettings(CHECKPOINT.toAbsolutePath().toString(), config, MediaRoots.CLOSED, Set.of());
        return new InferenceConfig(preprocessing, engine, new InFlightLimits(8, 1 << 20, Duration.ofMinutes(5)));
    }
}
