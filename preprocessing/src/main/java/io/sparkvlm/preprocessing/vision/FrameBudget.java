package io.sparkvlm.preprocessing.vision;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * How large each frame of a video may be made, given how many there are: a budget shared among the frames, and no more
 * than the part's own bound (qwen_vl_utils, fetch_video).
 *
 * @param minPixels of a frame, where the part says so
 * @param maxPixels of a frame, where the part says so
 * @param totalPixels of all frames, where the part says so
 */
public record FrameBudget(OptionalLong minPixels, OptionalLong maxPixels, OptionalLong totalPixels) {
    public FrameBudget {
        Objects.requireNonNull(minPixels, "minPixels");
        Objects.requireNonNull(maxPixels, "maxPixels");
        Objects.requireNonNull(totalPixels, "totalPixels");
    }

    /**
     * The bounds of each frame.
     *
     * @param frames as many as the model sees: an odd count includes the repeated last frame
     */
    public PixelBounds of(int frames) {
        PixelBounds defaults = PixelBounds.videoFrame(frames);
        // Where one bound is set across the other's default, the default gives way.
        long min = minPixels.orElse(Math.min(defaults.minPixels(), maxPixels.orElse(Long.MAX_VALUE)));
        long total = totalPixels.orElse(PixelBounds.VIDEO_TOTAL_PIXELS_DEFAULT);
        long share = PixelBounds.videoFrame(frames, min, total).maxPixels();
        return new PixelBounds(min, Math.min(share, maxPixels.orElse(share)));
    }
}
