package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.preprocessing.media.RgbImage;

/**
 * Cuts the pictures of one image or video, one after the other, into the patches that the vision tower reads.
 *
 * <p>Not thread-safe: one for each image or video.
 */
public final class VisionEncoder {
    /** How many frames one patch spans: preprocessor_config.json, temporal_patch_size. */
    public static final int TEMPORAL_PATCH = 2;

    private static final int PATCH = 14; // preprocessor_config.json, patch_size
    private static final int CHANNELS = 3;
    private static final int PATCH_PLANE = PATCH * PATCH;
    private static final int CHANNEL_PLANE = TEMPORAL_PATCH * PATCH_PLANE;
    /** A patch's row is eight pixels and eight that overlap them. */
    private static final int SECOND_EIGHT = PATCH - EightPixels.COUNT;

    private final ResizedSize size;
    private final int frames;
    private final PatchGrid grid;
    private final byte[] patches;
    private int taken;

    /**
     * Makes room for the patches.
     *
     * @param frames one for a still image
     */
    public VisionEncoder(ResizedSize size, int frames) {
        if (frames < 1) {
            throw new IllegalArgumentException("expected at least one frame, found " + frames);
        }
        this.size = size;
        this.frames = frames;
        this.grid = gridOf(size, frames);
        this.patches = new byte[Math.multiplyExact(grid.patches(), VisionInput.PATCH_BYTES)];
    }

    /** The grid of one still image (one frame) or of a video's frames; an odd count repeats the last. */
    public static PatchGrid gridOf(ResizedSize size, int frames) {
        return new PatchGrid(
                (frames + TEMPORAL_PATCH - 1) / TEMPORAL_PATCH, size.height() / PATCH, size.width() / PATCH);
    }

    /** Takes the next frame: resizes it and cuts it. */
    public void accept(RgbImage frame) {
        if (taken == frames) {
            throw new IllegalStateException("expected " + frames + " frames, found one more");
        }
        Resizer.resize(frame, size, resized -> cut(resized, taken / TEMPORAL_PATCH, taken % TEMPORAL_PATCH));
        taken++;
    }

    /** The patches, once all frames are taken. */
    public EncodedVision encoded() {
        if (taken != frames) {
            throw new IllegalStateException("expected " + frames + " frames, found " + taken);
        }
        if (frames % TEMPORAL_PATCH != 0) {
            repeatFirstSlot(grid.t() - 1);
        }
        return new EncodedVision(patches, grid);
    }

    /** Puts one frame's pixels into its temporal slot of the patches of time t. */
    private void cut(RgbImage frame, int t, int slot) {
        byte[] row = new byte[CHANNELS * frame.width()];
        for (int y = 0; y < frame.height(); y++) {
            frame.pixels().get(row.length * y, row);
            int inPatch = slot * PATCH_PLANE + y % PATCH * PATCH;
            for (int column = 0; column < grid.w(); column++) {
                int to = patchAt(t, y / PATCH, column) * VisionInput.PATCH_BYTES + inPatch;
                int from = CHANNELS * column * PATCH;
                EightPixels.split(row, from, patches, to, CHANNEL_PLANE);
                EightPixels.split(row, from + CHANNELS * SECOND_EIGHT, patches, to + SECOND_EIGHT, CHANNEL_PLANE);
            }
        }
    }

    /** The patches of a block, which become one token, lie side by side. */
    private int patchAt(int t, int y, int x) {
        int merge = PatchGrid.MERGE_SIZE;
        int block = (t * grid.h() + y / merge * merge) * grid.w() + x / merge * merge * merge;
        return block + y % merge * merge + x % merge;
    }

    /** The last frame of an odd count, and a still image, fill both slots. */
    private void repeatFirstSlot(int t) {
        int first = t * grid.h() * grid.w() * VisionInput.PATCH_BYTES;
        int end = first + grid.h() * grid.w() * VisionInput.PATCH_BYTES;
        for (int at = first; at < end; at += TEMPORAL_PATCH * PATCH_PLANE) {
            System.arraycopy(patches, at, patches, at + PATCH_PLANE, PATCH_PLANE);
        }
    }
}
