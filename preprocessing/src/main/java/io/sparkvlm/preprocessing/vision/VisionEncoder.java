package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
        cut(Resizer.resize(frame, size), taken / TEMPORAL_PATCH, taken % TEMPORAL_PATCH);
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
        return new EncodedVision(patches, grid, contentHash(patches, grid));
    }

    /** Puts one frame's pixels into its temporal slot of the patches of time t. */
    private void cut(RgbImage frame, int t, int slot) {
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
                        cutRow(rgb, from, to);
                    }
                    patch++;
                }
            }
        }
    }

    /** Spreads the 14 pixels of a patch's row over its channels. */
    private void cutRow(byte[] rgb, int from, int to) {
        int green = to + TEMPORAL_PATCH * PATCH_PLANE;
        int blue = green + TEMPORAL_PATCH * PATCH_PLANE;
        for (int i = 0, at = from; i < PATCH; i++, at += CHANNELS) {
            patches[to + i] = rgb[at];
            patches[green + i] = rgb[at + 1];
            patches[blue + i] = rgb[at + 2];
        }
    }

    /** The last frame of an odd count, and a still image, fill both slots. */
    private void repeatFirstSlot(int t) {
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
