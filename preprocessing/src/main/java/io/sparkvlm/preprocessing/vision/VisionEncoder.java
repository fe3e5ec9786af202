package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

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
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int SECOND_WORD = PATCH - Long.BYTES;

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
        return new EncodedVision(patches, grid);
    }

    /** Puts one frame's pixels into its temporal slot of the patches of time t. */
    private void cut(RgbImage frame, int t, int slot) {
        byte[] rgb = frame.rgb();
        int width = frame.width();
        byte[][] row = new byte[CHANNELS][width]; // one channel of a picture's row each
        for (int y = 0; y < frame.height(); y++) {
            split(rgb, CHANNELS * width * y, row);
            int inPatch = slot * PATCH_PLANE + y % PATCH * PATCH;
            for (int column = 0; column < grid.w(); column++) {
                int to = patchAt(t, y / PATCH, column) * VisionInput.PATCH_BYTES + inPatch;
                for (byte[] channel : row) {
                    copyPatchRow(channel, column * PATCH, to);
                    to += TEMPORAL_PATCH * PATCH_PLANE;
                }
            }
        }
    }

    /** 14 bytes as two words that overlap: so few cost System.arraycopy several times as much. */
    private void copyPatchRow(byte[] channel, int from, int to) {
        WORD.set(patches, to, (long) WORD.get(channel, from));
        WORD.set(patches, to + SECOND_WORD, (long) WORD.get(channel, from + SECOND_WORD));
    }

    /** The patches of a block, which become one token, lie side by side. */
    private int patchAt(int t, int y, int x) {
        int merge = PatchGrid.MERGE_SIZE;
        int block = (t * grid.h() + y / merge * merge) * grid.w() + x / merge * merge * merge;
        return block + y % merge * merge + x % merge;
    }

    /** In one long loop, which is compiled to far less than loops over a patch's 14 pixels. */
    private static void split(byte[] rgb, int from, byte[][] row) {
        byte[] red = row[0];
        byte[] green = row[1];
        byte[] blue = row[2];
        for (int x = 0, at = from; x < red.length; x++, at += CHANNELS) {
            red[x] = rgb[at];
            green[x] = rgb[at + 1];
            blue[x] = rgb[at + 2];
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
}
