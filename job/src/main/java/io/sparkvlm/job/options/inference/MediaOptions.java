package io.sparkvlm.job.options.inference;

import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.fetch.DownloadLimits;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.spark.hadoop.MediaRoots;
import java.io.File;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The options that say which media requests may name, and how much of this machine a file may take. */
@HelpGroup.Of(HelpGroup.MEDIA_SAFETY)
final class MediaOptions {
    @Option(
            names = "--allowed-local-media-path",
            defaultValue = "",
            paramLabel = "FOLDER",
            description = "The folder that requests may name files in; without it they may name none.")
    private String allowedLocalMediaPath;

    @Option(
            names = "--allowed-media-domains",
            arity = "1..*", // as vLLM's users write it
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
            defaultValue = "" + DownloadLimits.DEFAULT_DEADLINE_SECONDS,
            paramLabel = "SECONDS",
            description = "Longest that one file of another machine may take (default: ${DEFAULT-VALUE}).")
    private int mediaTimeoutSeconds;

    @Option(
            names = "--max-image-bytes",
            defaultValue = "" + MediaLimits.DEFAULT_FILE_BYTES,
            paramLabel = "N",
            description = "Largest image file (default: ${DEFAULT-VALUE}).")
    private int maxImageBytes;

    @Option(
            names = "--max-image-pixels",
            defaultValue = "" + MediaLimits.DEFAULT_PIXELS,
            paramLabel = "N",
            description = "Most pixels of an image, or a video's frame, as it comes (default: ${DEFAULT-VALUE}).")
    private int maxImagePixels;

    @Option(
            names = "--max-video-bytes",
            defaultValue = "" + VideoLimits.DEFAULT_FILE_BYTES,
            paramLabel = "N",
            description = "Largest video file (default: ${DEFAULT-VALUE}).")
    private int maxVideoBytes;

    @Option(
            names = "--media-decode-timeout",
            defaultValue = "" + VideoLimits.DEFAULT_DECODE_SECONDS,
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

    /** The folder that requests may name files in: absolute, because an executor's working folder is another. */
    String localFolder() {
        return allowedLocalMediaPath.isEmpty() ? "" : new File(allowedLocalMediaPath).getAbsolutePath();
    }

    WebAccess webAccess() {
        return new WebAccess(allowedMediaDomains, allowedMediaCidrs);
    }

    /** @param hadoop the job's settings of Hadoop, which open the folders that requests may name */
    MediaRoots roots(Configuration hadoop) {
        return MediaRoots.of(allowedMediaRoots, hadoop);
    }

    Duration timeout() {
        return Duration.ofSeconds(mediaTimeoutSeconds);
    }

    MediaLimits imageLimits() {
        return new MediaLimits(maxImageBytes, maxImagePixels);
    }

    VideoLimits videoLimits() {
        return VideoLimits.of(maxVideoBytes, maxImagePixels, Duration.ofSeconds(mediaDecodeTimeout));
    }

    DecoderIsolation isolation() {
        return isolateDecoding ? DecoderIsolation.CHILD_PROCESSES : DecoderIsolation.THIS_PROCESS;
    }
}
