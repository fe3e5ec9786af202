package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Cuts pictures into the patches that the vision tower reads.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
public final class VisionEncoder {
    /** How many frames one patch spans: preprocessor_config.json, temporal_patch_size. */
    public static final int TEMPORAL_PATCH = 2;

    private static final int PATCH = 14; // preprocessor_config.json, patch_size
    private static final int CHANNELS = 3;
    private static final int PATCH_PLANE = PATCH * PATCH;

    /** The grid of one still image (one frame) or of a video's frames; an odd count repeats the last. */
    public static PatchGrid gridOf(ResizedSize size, int frames) {
        return new PatchGrid(
                (frames + TEMPORAL_PATCH - 1) / TEMPORAL_PATCH, size.height() / PATCH, size.width() / PATCH);
    }

    /**
     * Resizes the frames and cuts them into patches.
     *
     * @param frames one for a still image; a video's in their order, resized each for itself
     */
    public EncodedVision encode(List<RgbImage> frames, ResizedSize size) {
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("expected at least one frame, found none");
        }
        PatchGrid grid = gridOf(size, frames.size());
        byte[] patches = new byte[Math.multiplyExact(grid.patches(), VisionInput.PATCH_BYTES)];
        for (int t = 0; t < grid.t(); t++) {
            for (int slot = 0; slot < TEMPORAL_PATCH; slot++) {
                int frame = t * TEMPORAL_PATCH + slot;
                if (frame < frames.size()) {
                    cut(Resizer.resize(frames.get(frame), size), grid, t, slot, patches);
                } else {
                    repeatFirstSlot(grid, t, patches);
                }
            }
        }
        return new EncodedVision(patches, grid, contentHash(patches, grid));
    }

    /** Puts one frame's pixels into its temporal slot of the patches of time t. */
    private static void cut(RgbImage frame, PatchGrid grid, int t, int slot, byte[] patches) {
        byte[] rgb = frame.rgb();
        int merge = PatchGrid.MERGE_SIZE;
        int rowStride = CHANNELS * frame.width();
        int patch = t * grid.h() * grid.w();
        for (int blockY = 0; blockY < grid.h(); blockY += merge) {
            for (int blockX = 0; blockX < grid.w(); blockX += merge) {
                for (int inBlock = 0; inBlock < merge * merge; inBlock++) {
                    int y = (blockY + inBlock / merge) * PATCH;
                    int x = (blockX + inBlock % merge) * PATCH;
                    int from = y * rowStride + x * CHANNELS;
                    int to = patch * VisionInput.PATCH_BYTES + slot * PATCH_PLANE;
                    for (int row = 0; row < PATCH; row++, from += rowStride, to += PATCH) {
                        cutRow(rgb, from, patches, to);
                    }
                    patch++;
                }
            }
        }
    }

    /** Spreads the 14 pixels of a patch's row over its channels. */
    private static void cutRow(byte[] rgb, int from, byte[] patches, int to) {
        int green = to + TEMPORAL_PATCH * PATCH_PLANE;
        int blue = green + TEMPORAL_PATCH * PATCH_PLANE;
        for (int i = 0, at = from; i < PATCH; i++, at += CHANNELS) {
            patches[to + i] = rgb[at];
            patches[green + i] = rgb[at + 1];
            patches[blue + i] = rgb[at + 2];
        }
    }

    /** The last frame of an odd count, and a still image, fill both slots. */
    private static void repeatFirstSlot(PatchGrid grid, int t, byte[] patches) {
        int first = t * grid.h() * grid.w() * VisionInput.PATCH_BYTES;
        int end = first + grid.h() * grid.w() * VisionInput.PATCH_BYTES;
        for (int at = first; at < end; at += TEMPORAL_PATCH * PATCH_PLANE) {
            System.arraycopy(patches, at, patches, at + PATCH_PLANE, PATCH_PLANE);
        }
    }

    private static String contentHash(byte[] patches, PatchGrid grid) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(12)
                    .putInt(grid.t())
                    .putInt(grid.h())
                    .putInt(grid.w())
                    .flip());
            return HexFormat.of().formatHex(digest.digest(patches));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
