package io.sparkvlm.preprocessing;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.decode.task.ImageTask;
import io.sparkvlm.preprocessing.decode.task.VideoTask;
import io.sparkvlm.preprocessing.image.png.PngCodec;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.prepared.MediaForm;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedMedia.CheckedImages;
import io.sparkvlm.preprocessing.prepared.PreparedMedia.CheckedVideo;
import io.sparkvlm.preprocessing.prepared.PreparedMedia.PreparedFile;
import io.sparkvlm.preprocessing.prepared.PreparedMedia.ResizedPictures;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.EncodedVision;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.Resizer;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes an image or video into resized pictures, or into patches. Thread-safe. */
final class MediaEncoder {
    private static final Logger LOGGER = LoggerFactory.getLogger(MediaEncoder.class);

    private final VideoLimits videoLimits;
    private final MediaDecoder decoder;
    private final MediaCache<Content, EncodedVision> patches;
    private final MediaCache<Frames, List<byte[]>> frames;

    /** @param cacheBytes of what was encoded, and as many of what was resized: a job asks for one of them */
    MediaEncoder(VideoLimits videoLimits, MediaDecoder decoder, long cacheBytes) {
        this.videoLimits = videoLimits;
        this.decoder = decoder;
        this.patches = new MediaCache<>(cacheBytes, vision -> vision.patches().length);
        this.frames = new MediaCache<>(
                cacheBytes, all -> all.stream().mapToLong(frame -> frame.length).sum());
    }

    /** The parts of a medium that decide its patches: media of different rows with an equal one share them. */
    private record Content(String sha256, MediaForm form, int width, int height, List<Integer> frames) {
        static Content of(PreparedMedia media) {
            return new Content(
                    media.sha256(), media.form(), media.resizedWidth(), media.resizedHeight(), media.frames());
        }
    }

    /** The resized pictures of a medium in one form. */
    private record Frames(Content of, MediaForm form) {}

    /** Makes the medium's patches; media with equal ones share the array, which is not to be changed. */
    Outcome<EncodedVision> encode(PreparedMedia media) {
        Supplier<Outcome<EncodedVision>> make = () -> visionEncoder(media)
                .flatMap(vision -> decoded(media, vision::accept).map(done -> vision.encoded()));
        return media.form().isResized()
                ? make.get()
                : patches.get(Content.of(media), media.grid().patchBytes(), make);
    }

    /** Makes the medium with its pictures resized, in this form. */
    Outcome<PreparedMedia> resize(PreparedMedia media, MediaForm form) {
        return resized(media, form).map(all -> {
            List<PreparedFile> files = media.files();
            return new PreparedMedia.ResizedPictures(
                    media.plan(),
                    form,
                    IntStream.range(0, all.size())
                            .mapToObj(frame -> {
                                PreparedFile file = files.get(Math.min(frame, files.size() - 1));
                                return new PreparedFile(all.get(frame), file.ref(), file.param());
                            })
                            .toList());
        });
    }

    private static Outcome<VisionEncoder> visionEncoder(PreparedMedia media) {
        try {
            return Outcome.ok(new VisionEncoder(media.grid(), framesOf(media)));
        } catch (OutOfMemoryError e) {
            // One large array that could not be made: the heap is as it was, and the other rows need not die of it.
            LOGGER.warn("no memory for the patches of {}", media.grid(), e);
            return Outcome.rejected(Rejection.at(
                    media.files().get(0).param(),
                    EngineCode.ENGINE_OUT_OF_MEMORY,
                    "expected room for " + media.grid().patches()
                            + " patches in the executor's memory, found too little;"
                            + " lower max_pixels or the number of frames"));
        }
    }

    private Outcome<List<byte[]>> resized(PreparedMedia media, MediaForm form) {
        ResizedSize size = sizeOf(media);
        Supplier<Outcome<List<byte[]>>> make = () -> {
            List<byte[]> all = new ArrayList<>();
            Consumer<RgbImage> keep = resized -> all.add(inForm(form, resized));
            return decoded(media, picture -> Resizer.resize(picture, size, keep))
                    .map(done -> all);
        };
        long bytes = (long) PatchGeometry.CHANNELS * size.width() * size.height() * framesOf(media);
        return frames.get(new Frames(Content.of(media), form), bytes, make);
    }

    private static byte[] inForm(MediaForm form, RgbImage resized) {
        return form == MediaForm.PNG_FRAMES ? PngCodec.encode(resized) : resized.rgb();
    }

    /** Passes the pictures on one after the other: 768 of them at once can be gigabytes. */
    private Outcome<PreparedMedia> decoded(PreparedMedia media, Consumer<RgbImage> to) {
        return media.fold(
                images -> decodeImages(images, to), video -> decodeVideo(video, to), resized -> unpack(resized, to));
    }

    private Outcome<PreparedMedia> decodeImages(CheckedImages media, Consumer<RgbImage> to) {
        return Outcomes.all(
                        media.images(),
                        it -> decoder.decode(
                                ImageTask.of(it.image()),
                                reference(media, it.image().ref(), it.param()),
                                to))
                .map(done -> media);
    }

    private Outcome<PreparedMedia> decodeVideo(CheckedVideo media, Consumer<RgbImage> to) {
        VideoTask task = new VideoTask(media.video(), videoLimits, media.width(), media.height(), media.frames());
        return decoder.decode(task, reference(media, media.video().ref(), media.param()), to)
                .map(done -> media);
    }

    private static Outcome<PreparedMedia> unpack(ResizedPictures media, Consumer<RgbImage> to) {
        media.files()
                .forEach(file -> to.accept(
                        media.form() == MediaForm.PNG_FRAMES
                                ? PngCodec.decode(file.bytes())
                                : picture(media, file.bytes())));
        return Outcome.ok(media);
    }

    private static MediaReference reference(PreparedMedia media, String ref, String param) {
        return new MediaReference(ref, media.kind(), param);
    }

    private static int framesOf(PreparedMedia media) {
        return switch (media.form()) {
            case IMAGES, FRAMES, PNG_FRAMES -> media.files().size();
            case VIDEO_FILE -> media.frames().size();
        };
    }

    private static ResizedSize sizeOf(PreparedMedia media) {
        return media.plan().resized();
    }

    private static RgbImage picture(PreparedMedia media, byte[] rgb) {
        return new RgbImage(media.resizedWidth(), media.resizedHeight(), rgb);
    }
}
