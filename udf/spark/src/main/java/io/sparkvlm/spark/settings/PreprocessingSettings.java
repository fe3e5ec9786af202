package io.sparkvlm.spark.settings;

import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import io.sparkvlm.spark.hadoop.MediaRoots;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Holds the preprocessing that a job was configured with; travels to the executors with the tasks.
 *
 * @param model a folder or Org/Name, see {@link ModelFolder}
 * @param servedModelNames what a request may call the model, besides {@code model}
 * @param maxModelLen tokens of a prompt and its answer, or auto: what the checkpoint allows
 * @param allowedLocalMediaPath the folder that requests may read files from; empty closes local files
 * @param remote which files of other machines requests may name
 * @param seed of the job, from which a row without a seed derives its own
 */
public record PreprocessingSettings(
        String model,
        List<String> servedModelNames,
        Strictness strictness,
        DefaultsSource samplingDefaults,
        String maxModelLen,
        String allowedLocalMediaPath,
        RemoteSettings remote,
        MediaSettings media,
        long seed)
        implements Serializable {
    public PreprocessingSettings {
        servedModelNames = List.copyOf(servedModelNames);
    }

    /**
     * What requests may name on other machines.
     *
     * @param domains names of hosts, as {@link WebAccess} has them
     * @param cidrs networks that are dialled though they are not public
     * @param roots folders of Hadoop's file systems
     * @param timeoutSeconds for one file
     */
    public record RemoteSettings(List<String> domains, List<String> cidrs, MediaRoots roots, int timeoutSeconds)
            implements Serializable {
        /** Opens nothing on other machines. */
        public static final RemoteSettings CLOSED = new RemoteSettings(List.of(), List.of(), MediaRoots.CLOSED, 60);

        public RemoteSettings {
            domains = List.copyOf(domains);
            cidrs = List.copyOf(cidrs);
        }
    }

    /**
     * What requests may ask of pictures.
     *
     * @param minPixels that an image is resized to, where its part names no bound
     * @param maxPixels that an image is resized to, where its part names no bound
     * @param maxImages in one request
     * @param maxVideos in one request
     * @param maxFileBytes of one encoded image
     * @param maxFilePixels of one image, or one frame, as it came
     * @param maxVideoBytes of one video file
     * @param decodeSeconds that decoding a video file may take
     * @param decoderPlace where they are decoded
     */
    public record MediaSettings(
            long minPixels,
            long maxPixels,
            int maxImages,
            int maxVideos,
            int maxFileBytes,
            int maxFilePixels,
            int maxVideoBytes,
            int decodeSeconds,
            DecoderIsolation decoderPlace)
            implements Serializable {}

    /**
     * Opens the checkpoint's tokenizer and template on this machine.
     *
     * @throws IOException when the checkpoint cannot be read
     * @throws IllegalArgumentException naming the setting that is out of its range
     */
    public Preprocessor open() throws IOException {
        Path checkpoint = ModelFolder.ofThisMachine().resolve(model);
        PreprocessingConfig config = preprocessingConfig();
        return Preprocessor.open(
                checkpoint, config, remote.roots().open().stream().toList());
    }

    private PreprocessingConfig preprocessingConfig() {
        return new PreprocessingConfig(
                Optional.of(allowedLocalMediaPath)
                        .filter(path -> !path.isEmpty())
                        .map(Path::of),
                new WebAccess(remote.domains(), remote.cidrs()),
                Duration.ofSeconds(remote.timeoutSeconds()),
                servedModelNames,
                strictness,
                EngineSettings.number("max-model-len", maxModelLen),
                new PixelBounds(media.minPixels(), media.maxPixels()),
                new MediaLimits(media.maxFileBytes(), media.maxFilePixels()),
                VideoLimits.of(media.maxVideoBytes(), media.maxFilePixels(), Duration.ofSeconds(media.decodeSeconds())),
                media.decoderPlace(),
                new MediaCounts(media.maxImages(), media.maxVideos()),
                samplingDefaults,
                seed);
    }
}
