package io.sparkvlm.job.options;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.NearestName;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.settings.PreprocessingSettings.MediaSettings;
import io.sparkvlm.spark.settings.PreprocessingSettings.RemoteSettings;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The options that say what requests may ask for. */
public final class RequestOptions {
    private static final Set<String> KINDS = Set.of("image", "video");

    @Option(
            names = "--served-model-name",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Names that requests may call the model by, besides \"model\" (default: the value of --model).")
    private List<String> servedModelNames = List.of();

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "N",
            description = "Seed of the job; a request without a seed derives its own (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--strict",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Refuse requests with unknown fields.")
    private boolean strict;

    @Option(
            names = "--allowed-local-media-path",
            defaultValue = "",
            paramLabel = "FOLDER",
            description = "The folder that requests may name files in; without it they may name none.")
    private String allowedLocalMediaPath;

    @Option(
            names = "--allowed-media-domains",
            split = ",",
            paramLabel = "HOST",
            description = "Hosts that requests may name http and https URLs of, as example.org, *.example.org or *;"
                    + " without them they may name none.")
    private List<String> allowedMediaDomains = List.of();

    @Option(
            names = "--allowed-media-cidrs",
            split = ",",
            paramLabel = "CIDR",
            description = "Networks that those hosts may have addresses in, besides the public ones, as 10.1.0.0/16.")
    private List<String> allowedMediaCidrs = List.of();

    @Option(
            names = "--allowed-media-roots",
            split = ",",
            paramLabel = "URI",
            description = "Folders of Hadoop's file systems that requests may name files in, as s3a://bucket/folder;"
                    + " they are read with the job's credentials.")
    private List<String> allowedMediaRoots = List.of();

    @Option(
            names = "--media-timeout",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description = "Longest that one file of another machine may take (default: ${DEFAULT-VALUE}).")
    private int mediaTimeoutSeconds;

    @Option(
            names = "--limit-mm-per-prompt",
            split = ",",
            paramLabel = "KIND=N",
            description = "Most images and videos in a request, as image=10,video=1.")
    private Map<String, Integer> limitPerPrompt = Map.of();

    @Option(
            names = "--min-pixels",
            defaultValue = "3136",
            paramLabel = "N",
            description = "Pixels that an image is resized to at least, unless its part says so (default:"
                    + " ${DEFAULT-VALUE}).")
    private long minPixels;

    @Option(
            names = "--max-pixels",
            defaultValue = "1003520",
            paramLabel = "N",
            description = "Pixels that an image is resized to at most, unless its part says so (default:"
                    + " ${DEFAULT-VALUE}).")
    private long maxPixels;

    @Option(
            names = "--max-image-bytes",
            defaultValue = "104857600",
            paramLabel = "N",
            description = "Largest image file (default: ${DEFAULT-VALUE}).")
    private int maxImageBytes;

    @Option(
            names = "--max-image-pixels",
            defaultValue = "178956970",
            paramLabel = "N",
            description = "Most pixels of an image, or a video's frame, as it comes (default: ${DEFAULT-VALUE}).")
    private int maxImagePixels;

    @Option(
            names = "--max-video-bytes",
            defaultValue = "268435456",
            paramLabel = "N",
            description = "Largest video file (default: ${DEFAULT-VALUE}).")
    private int maxVideoBytes;

    @Option(
            names = "--media-decode-timeout",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description = "Longest that decoding a video file may take (default: ${DEFAULT-VALUE}).")
    private int mediaDecodeTimeout;

    @Option(
            names = "--isolate-decoding",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            paramLabel = "true|false",
            description =
                    "Decode media in child processes, so that a file that crashes its decoder costs its own row only;"
                            + " false where all inputs are trusted (default: ${DEFAULT-VALUE}).")
    private boolean isolateDecoding;

    @Option(
            names = "--generation-config",
            defaultValue = "openai",
            paramLabel = "SOURCE",
            description = "Sampling where a request is silent: openai's defaults, or auto: the checkpoint's"
                    + " generation_config.json (default: ${DEFAULT-VALUE}).")
    private GenerationConfig generationConfig;

    /**
     * @param model as it was asked for; a request may call it so
     * @param portableModel the model as the executors can resolve it
     * @param maxModelLen tokens of a prompt and its answer, or auto
     * @param hadoop the job's settings of Hadoop, which open the folders that requests may name
     */
    public PreprocessingSettings settings(String model, String portableModel, String maxModelLen, Configuration hadoop)
            throws JobRefusedException {
        for (String kind : limitPerPrompt.keySet()) {
            if (!KINDS.contains(kind)) {
                throw new JobRefusedException("unknown kind \"" + kind
                        + "\" in --limit-mm-per-prompt; the nearest is \"" + NearestName.to(kind, KINDS) + "\"");
            }
        }
        return new PreprocessingSettings(
                portableModel,
                servedModelNames.isEmpty() ? List.of(model) : servedModelNames,
                strict ? Strictness.STRICT : Strictness.LENIENT,
                generationConfig.source,
                maxModelLen,
                // Absolute, because an executor's working folder is another.
                allowedLocalMediaPath.isEmpty() ? "" : new File(allowedLocalMediaPath).getAbsolutePath(),
                new RemoteSettings(
                        allowedMediaDomains,
                        allowedMediaCidrs,
                        MediaRoots.of(allowedMediaRoots, hadoop),
                        mediaTimeoutSeconds),
                new MediaSettings(
                        minPixels,
                        maxPixels,
                        limit("image"),
                        limit("video"),
                        maxImageBytes,
                        maxImagePixels,
                        maxVideoBytes,
                        mediaDecodeTimeout,
                        isolateDecoding ? DecoderIsolation.CHILD_PROCESSES : DecoderIsolation.THIS_PROCESS),
                seed);
    }

    /** Whose sampling is in force where a request is silent; the option takes these names in lower case. */
    private enum GenerationConfig {
        OPENAI(DefaultsSource.OPENAI),
        AUTO(DefaultsSource.CHECKPOINT);

        private final DefaultsSource source;

        GenerationConfig(DefaultsSource source) {
            this.source = source;
        }
    }

    private int limit(String kind) {
        return limitPerPrompt.getOrDefault(kind, Integer.MAX_VALUE); // as many as the context takes
    }
}
