package io.sparkvlm.job.show.question;

import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.decode.task.ImageTask;
import io.sparkvlm.preprocessing.decode.task.ProbeTask;
import io.sparkvlm.preprocessing.decode.task.VideoTask;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.RowColumns;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.image.Thumbnail;
import io.sparkvlm.preprocessing.image.ThumbnailMaker;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.container.VideoInspector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws thumbnails with the job's own fetcher, inspector and decoder. It never uses a network: media on other
 * machines are left out.
 */
public final class ThumbnailIllustrator implements Illustrator {
    static final int MAX_SIDE_PIXELS = 160;
    /** The first frames of a video tell what it is. */
    private static final int MAX_PICTURES = 6;
    /** Two tasks that decode such pictures side by side fit the launcher's heap of 2 GB. */
    private static final MediaLimits LIMITS = new MediaLimits(64 << 20, 64_000_000);

    /** Bounds the time for a page of films to minutes, whatever is in them. */
    private static final VideoLimits VIDEO_LIMITS =
            VideoLimits.of(LIMITS.maxFileBytes(), LIMITS.maxPixels(), Duration.ofSeconds(10));

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):");
    private static final List<String> LOCAL_SCHEMES = List.of("data", "file", "column");

    private final String allowedLocalMediaPath;
    private transient Optional<Tools> tools;

    /** @param allowedLocalMediaPath the folder that files are read from; empty closes local files */
    public ThumbnailIllustrator(String allowedLocalMediaPath) {
        this.allowedLocalMediaPath = allowedLocalMediaPath;
    }

    /** Native and opened where they are used. */
    private record Tools(
            MediaFetcher fetcher,
            ImageInspector images,
            VideoInspector videos,
            MediaDecoder decoder,
            ThumbnailMaker maker) {}

    @Override
    public List<Picture> draw(List<MediaReference> references, RowColumns columns) {
        return references.stream()
                .limit(MAX_PICTURES)
                .map(reference -> draw(reference, columns))
                .toList();
    }

    private Picture draw(MediaReference reference, RowColumns columns) {
        Matcher scheme = SCHEME.matcher(reference.url());
        if (scheme.lookingAt() && !LOCAL_SCHEMES.contains(scheme.group(1).toLowerCase(Locale.ROOT))) {
            return new Picture.Missing("not fetched: nothing but inline pictures and local files is");
        }
        try {
            return tools().map(open -> draw(open, reference, columns))
                    .orElseGet(() -> new Picture.Missing("the folder of --allowed-local-media-path is not there"));
        } catch (RuntimeException | StackOverflowError e) {
            return new Picture.Missing("the picture could not be drawn"); // the row is shown without it
        }
    }

    private static Picture draw(Tools open, MediaReference reference, RowColumns columns) {
        return open.fetcher()
                .fetch(reference, columns, LIMITS.maxFileBytes())
                .flatMap(file -> thumbnail(open, file, reference))
                .fold(ThumbnailIllustrator::drawn, rejection -> new Picture.Missing(rejection.message()));
    }

    /** A video's URL names a film or one of its frames; which of them, the bytes say. */
    private static Outcome<Thumbnail> thumbnail(Tools open, FetchedFile file, MediaReference reference) {
        Outcome<Thumbnail> image = open.images().inspect(file, reference).flatMap(picture -> {
            List<Thumbnail> made = new ArrayList<>();
            return open.decoder()
                    .decode(
                            ImageTask.of(picture),
                            reference,
                            pixels -> made.add(open.maker().of(pixels)))
                    .map(pictures -> made.get(0));
        });
        boolean film =
                image.fold(made -> false, rejection -> rejection.code() == MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE);
        return film
                ? open.videos().inspect(file, reference).flatMap(video -> firstFrame(open, video, reference))
                : image;
    }

    private static Outcome<Thumbnail> firstFrame(Tools open, EncodedVideo video, MediaReference reference) {
        List<Thumbnail> made = new ArrayList<>();
        return open.decoder()
                .decode(new ProbeTask(video, VIDEO_LIMITS), reference, none -> {})
                .flatMap(stream -> open.decoder()
                        .decode(
                                new VideoTask(video, VIDEO_LIMITS, stream.width(), stream.height(), List.of(0)),
                                reference,
                                pixels -> made.add(open.maker().of(pixels))))
                .map(frames -> made.get(0));
    }

    private static Picture drawn(Thumbnail thumbnail) {
        String data = Base64.getEncoder().encodeToString(thumbnail.bytes());
        return new Picture.Drawn(
                "data:" + thumbnail.mediaType() + ";base64," + data, thumbnail.width(), thumbnail.height());
    }

    private synchronized Optional<Tools> tools() {
        if (tools == null) { // as it is after its journey to a task
            tools = open();
        }
        return tools;
    }

    private Optional<Tools> open() {
        Optional<Path> folder = Optional.of(allowedLocalMediaPath)
                .filter(path -> !path.isEmpty())
                .map(Path::of);
        try {
            return Optional.of(new Tools(
                    new MediaFetcher(folder),
                    new ImageInspector(LIMITS),
                    new VideoInspector(VIDEO_LIMITS),
                    DecoderIsolation.THIS_PROCESS.open(LIMITS),
                    new ThumbnailMaker(MAX_SIDE_PIXELS)));
        } catch (IOException e) {
            return Optional.empty(); // each picture says so in its place
        }
    }
}
