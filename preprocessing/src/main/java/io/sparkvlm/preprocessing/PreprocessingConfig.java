package io.sparkvlm.preprocessing;

import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.fetch.DownloadLimits;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a job for its requests and their media. The command line makes them, they travel to the executors, and
 * what reads, fetches and decodes is opened with them.
 *
 * @param allowedLocalMediaPath {@code allowed-local-media-path}: the folder below which files may be read; empty, as by
 *     default, closes local files
 * @param webAccess {@code allowed-media-domains} and {@code allowed-media-cidrs}: which hosts may be asked for media; none
 *     by default
 * @param mediaTimeout {@code media-timeout}: how long one file of another machine may take
 * @param servedModelNames {@code served-model-name}: what requests may call the model beside {@code model}; the first is
 *     the answer's name for it
 * @param strictness {@code strict}: whether unknown fields refuse a row
 * @param maxModelLen {@code max-model-len}: tokens of a prompt and its answer; by default what the model was made for
 * @param imagePixels {@code min-pixels} and {@code max-pixels}: an image's bounds where its part sets none
 * @param mediaLimits {@code max-image-bytes} and {@code max-image-pixels} of one encoded image, {@code max-row-bytes} and
 *     {@code max-row-pixels} of all of a request
 * @param videoLimits {@code max-video-bytes} of one video file, {@code max-image-pixels} of its frames and {@code
 *     media-decode-timeout}
 * @param decoderIsolation {@code isolate-decoding}: whether media are decoded in child processes or in this one
 * @param mediaPerPrompt {@code limit-mm-per-prompt}: images and videos in one request
 * @param mostChoices that a request may ask for ({@code n})
 * @param samplingDefaults {@code generation-config}: where sampling's defaults come from
 * @param sampling {@code temperature} and the other fields of a request that the job gives where a request is silent
 * @param seed {@code seed}: what the seeds of requests without one are made from
 */
public record PreprocessingConfig(
        String allowedLocalMediaPath,
        WebAccess webAccess,
        Duration mediaTimeout,
        List<String> servedModelNames,
        Strictness strictness,
        ContextLimit maxModelLen,
        PixelBounds imagePixels,
        MediaLimits mediaLimits,
        VideoLimits videoLimits,
        DecoderIsolation decoderIsolation,
        MediaCounts mediaPerPrompt,
        int mostChoices,
        DefaultsSource samplingDefaults,
        JobSampling sampling,
        long seed)
        implements Serializable {
    /** Where each request has a row, and each row one answer: the choices that a request may ask for. */
    public static final int ONE_CHOICE = 1;

    /** Nothing local is readable, no host is asked, nothing is counted, and OpenAI's defaults hold. */
    public static final PreprocessingConfig DEFAULT = new PreprocessingConfig(
            "",
            WebAccess.CLOSED,
            DownloadLimits.DEFAULT.deadline(),
            List.of(),
            Strictness.LENIENT,
            ContextLimit.OF_THE_MODEL,
            PixelBounds.IMAGE_DEFAULT,
            MediaLimits.DEFAULT,
            VideoLimits.DEFAULT,
            DecoderIsolation.CHILD_PROCESSES,
            MediaCounts.UNBOUNDED,
            ONE_CHOICE,
            DefaultsSource.OPENAI,
            JobSampling.NONE,
            0);

    public PreprocessingConfig {
        Objects.requireNonNull(allowedLocalMediaPath, "allowedLocalMediaPath");
        Objects.requireNonNull(webAccess, "webAccess");
        if (mediaTimeout.isNegative() || mediaTimeout.isZero()) {
            throw new IllegalArgumentException("expected media-timeout above 0, found " + mediaTimeout.toSeconds());
        }
        Objects.requireNonNull(strictness, "strictness");
        Objects.requireNonNull(maxModelLen, "maxModelLen");
        if (imagePixels.maxPixels() > PixelBounds.LARGEST) {
            throw new IllegalArgumentException(
                    "expected max-pixels of at most " + PixelBounds.LARGEST + ", found " + imagePixels.maxPixels());
        }
        Objects.requireNonNull(mediaLimits, "mediaLimits");
        Objects.requireNonNull(videoLimits, "videoLimits");
        Objects.requireNonNull(decoderIsolation, "decoderIsolation");
        Objects.requireNonNull(mediaPerPrompt, "mediaPerPrompt");
        Objects.requireNonNull(samplingDefaults, "samplingDefaults");
        Objects.requireNonNull(sampling, "sampling");
        servedModelNames = List.copyOf(servedModelNames);
    }

    /** The folder below which files may be read, if any may. */
    Optional<Path> localFolder() {
        return Optional.of(allowedLocalMediaPath)
                .filter(path -> !path.isEmpty())
                .map(Path::of);
    }

    /** These settings with media decoded there. */
    public PreprocessingConfig withDecoderIsolation(DecoderIsolation other) {
        return with(other, mostChoices);
    }

    /** These settings for requests that may ask for so many choices each. */
    public PreprocessingConfig withMostChoices(int other) {
        return with(decoderIsolation, other);
    }

    private PreprocessingConfig with(DecoderIsolation isolation, int choices) {
        return new PreprocessingConfig(
                allowedLocalMediaPath,
                webAccess,
                mediaTimeout,
                servedModelNames,
                strictness,
                maxModelLen,
                imagePixels,
                mediaLimits,
                videoLimits,
                isolation,
                mediaPerPrompt,
                choices,
                samplingDefaults,
                sampling,
                seed);
    }

    /** Where the sampling parameters come from that a request leaves open. */
    public enum DefaultsSource {
        /** {@code generation-config openai}: temperature 1, top_p 1, 4096 tokens. */
        OPENAI,
        /** {@code generation-config vllm}: temperature 1, top_p 1, as many tokens as the context has room for. */
        VLLM,
        /** {@code generation-config auto}: what generation_config.json says. */
        CHECKPOINT
    }
}
