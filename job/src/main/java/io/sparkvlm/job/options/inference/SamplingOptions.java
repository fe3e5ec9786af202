package io.sparkvlm.job.options.inference;

import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import picocli.CommandLine.Option;

/** The options that bound what a request may ask for, and fill in what it leaves open. */
@HelpGroup.Of(HelpGroup.SAMPLING_AND_LIMITS)
final class SamplingOptions {
    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "N",
            description = "Seed of the job; a request without a seed derives its own (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--generation-config",
            defaultValue = "openai",
            paramLabel = "SOURCE",
            description =
                    "Sampling where request and job are silent: openai's defaults, vllm: the same with as many tokens"
                            + " as the context has room for, or auto: the checkpoint's generation_config.json"
                            + " (default: ${DEFAULT-VALUE}).")
    private GenerationConfig generationConfig;

    @Option(
            names = "--strict",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Refuse requests with unknown fields.")
    private boolean strict;

    @Option(
            names = "--limit-mm-per-prompt",
            converter = MediaCountsConverter.class,
            paramLabel = "KIND=N",
            description = "Most images and videos in a request, as image=10,video=1 or {\"image\": 10}.")
    private MediaCounts mediaPerPrompt = MediaCounts.UNBOUNDED;

    @Option(
            names = "--min-pixels",
            defaultValue = "" + PixelBounds.IMAGE_MIN_DEFAULT,
            paramLabel = "N",
            description = "Pixels that an image is resized to at least, unless its part says so (default:"
                    + " ${DEFAULT-VALUE}).")
    private long minPixels;

    @Option(
            names = "--max-pixels",
            defaultValue = "" + PixelBounds.IMAGE_MAX_DEFAULT,
            paramLabel = "N",
            description = "Pixels that an image is resized to at most, unless its part says so (default:"
                    + " ${DEFAULT-VALUE}).")
    private long maxPixels;

    @Option(
            names = "--mm-processor-kwargs",
            converter = ProcessorKwargs.Converter.class,
            paramLabel = "JSON",
            description = "The two as JSON, as {\"min_pixels\": 784, \"max_pixels\": 602112}; it goes before them.")
    private ProcessorKwargs processorKwargs = ProcessorKwargs.NONE;

    /** Whose sampling is in force where a request is silent; the option takes these names in lower case. */
    private enum GenerationConfig {
        OPENAI(DefaultsSource.OPENAI),
        VLLM(DefaultsSource.VLLM),
        AUTO(DefaultsSource.CHECKPOINT);

        private final DefaultsSource source;

        GenerationConfig(DefaultsSource source) {
            this.source = source;
        }
    }

    long seed() {
        return seed;
    }

    DefaultsSource defaults() {
        return generationConfig.source;
    }

    Strictness strictness() {
        return strict ? Strictness.STRICT : Strictness.LENIENT;
    }

    PixelBounds imagePixels() {
        return processorKwargs.or(minPixels, maxPixels);
    }

    MediaCounts mediaPerPrompt() {
        return mediaPerPrompt;
    }
}
