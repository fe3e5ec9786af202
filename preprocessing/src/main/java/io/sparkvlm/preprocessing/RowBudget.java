package io.sparkvlm.preprocessing;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.image.EncodedImage;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prompt.ContextLength;
import io.sparkvlm.preprocessing.request.MediaPart.Pictures;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.SmartResize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;

/**
 * Bounds the tokens, bytes and pixels of one row's media. It is asked after each picture, so that no more than one is
 * held in vain. Not thread-safe: one for each row.
 */
final class RowBudget {
    private final MediaLimits limits;
    private final ContextLength context;
    private final PatchGeometry geometry;
    private long tokens;
    private long bytes;
    private long pixels;

    /** @param bareTokens of the prompt with one for each medium */
    RowBudget(MediaLimits limits, ContextLength context, PatchGeometry geometry, long bareTokens) {
        this.limits = limits;
        this.context = context;
        this.geometry = geometry;
        this.tokens = bareTokens;
    }

    /** @param frame the picture's place in its part */
    Outcome<EncodedImage> take(Pictures part, int frame, EncodedImage image) {
        ImageHeader header = image.header();
        tokens += addedTokens(part, frame, header);
        bytes += image.fileBytes();
        pixels += (long) header.width() * header.height();
        if (!context.holds(tokens)) {
            return context.exceeded(tokens);
        }
        if (bytes > limits.maxRowBytes()) {
            return tooManyBytes(part.references().get(frame));
        }
        if (pixels > limits.maxRowPixels()) {
            return part.references()
                    .get(frame)
                    .rejected(
                            MediaFault.TOO_LARGE,
                            "expected images and frames of at most " + limits.maxRowPixels()
                                    + " pixels in one request, found " + pixels + " with this one");
        }
        return Outcome.ok(image);
    }

    /** Takes a video file, before it is known how many frames of it are wanted. */
    Outcome<Integer> takeFile(MediaReference reference, int fileBytes) {
        bytes += fileBytes;
        return bytes > limits.maxRowBytes() ? tooManyBytes(reference) : Outcome.ok(fileBytes);
    }

    /**
     * Takes what a video file will be to the model; its frames are decoded one after the other within a time of their
     * own.
     */
    Outcome<PreparedMedia> take(PreparedMedia video) {
        tokens += video.grid().tokens() - 1; // the placeholder's token is counted
        return context.holds(tokens) ? Outcome.ok(video) : context.exceeded(tokens);
    }

    private <T> Outcome<T> tooManyBytes(MediaReference reference) {
        return reference.rejected(
                MediaFault.FILE_TOO_LARGE,
                "expected images and videos of at most " + limits.maxRowBytes() + " bytes in one request, found "
                        + bytes + " with this one");
    }

    /** A part's first picture takes the placeholder's token; of the frames that share a temporal patch, the first pays. */
    private long addedTokens(Pictures part, int frame, ImageHeader header) {
        if (frame % geometry.temporalPatchFrames() != 0) {
            return 0;
        }
        ResizedSize size = SmartResize.fit(header.width(), header.height(), part.bounds(), geometry);
        long ofPatch = VisionEncoder.gridOf(geometry, size, 1).tokens();
        return frame == 0 ? ofPatch - 1 : ofPatch;
    }
}
