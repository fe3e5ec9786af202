package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.util.stream.IntStream;

/**
 * Cuts the pictures of one image or video, one after the other, into the patches that the vision tower reads.
 *
 * <p>Not thread-safe: one for each image or video.
 */
public final class VisionEncoder {
    private final int frames;
    private final PatchGrid grid;
    private final int patchPixels;
    private final int framesOfPatch;
    /** The bytes of one channel of one frame in a patch. */
    private final int plane;
    /** Where the patches of a row lie after its first, in bytes. */
    private final int[] columns;

    private final byte[] patches;
    private int taken;

    /**
     * Makes room for the patches.
     *
     * @param grid as {@link #gridOf} says it for so many frames
     * @param frames one for a still image
     */
    public VisionEncoder(PatchGrid grid, int frames) {
        PatchGeometry geometry = grid.geometry();
        this.patchPixels = geometry.patchPixels();
        this.framesOfPatch = geometry.temporalPatchFrames();
        if (frames < 1 || temporalPatches(geometry, frames) != grid.t()) {
            throw new IllegalArgumentException(
                    "expected the frames of " + grid.t() + " temporal patches, found " + frames);
        }
        this.frames = frames;
        this.grid = grid;
        this.plane = patchPixels * patchPixels;
        this.columns = IntStream.range(0, grid.w())
                .map(column -> columnInBlocks(column) * geometry.patchBytes())
                .toArray();
        this.patches = new byte[Math.toIntExact(grid.patchBytes())];
    }

    /** The grid of one still image (one frame) or of a video's frames; a last patch that lacks frames repeats the last. */
    public static PatchGrid gridOf(PatchGeometry geometry, ResizedSize size, int frames) {
        int token = geometry.tokenPixels();
        if (size.width() % token != 0 || size.height() % token != 0) {
            throw new IllegalArgumentException(
                    "expected multiples of " + token + ", found " + size.width() + " x " + size.height());
        }
        return new PatchGrid(
                temporalPatches(geometry, frames),
                size.height() / geometry.patchPixels(),
                size.width() / geometry.patchPixels(),
                geometry);
    }

    private static int temporalPatches(PatchGeometry geometry, int frames) {
        return (frames + geometry.temporalPatchFrames() - 1) / geometry.temporalPatchFrames();
    }

    /** Takes the next frame: resizes it and cuts it. */
    public void accept(RgbImage frame) {
        if (taken == frames) {
            throw new IllegalStateException("expected " + frames + " frames, found one more");
        }
        ResizedSize size = new ResizedSize(grid.w() * patchPixels, grid.h() * patchPixels);
        Resizer.resize(frame, size, resized -> cut(resized, taken / framesOfPatch, taken % framesOfPatch));
        taken++;
    }

    /** The patches, once all frames are taken. */
    public EncodedVision encoded() {
        if (taken != frames) {
            throw new IllegalStateException("expected " + frames + " frames, found " + taken);
        }
        for (int slot = frames - (grid.t() - 1) * framesOfPatch; slot < framesOfPatch; slot++) {
            repeatSlotBefore(slot);
        }
        return new EncodedVision(patches, grid);
    }

    /** Puts one frame's pixels into its temporal slot of the patches of time t. */
    private void cut(RgbImage frame, int t, int slot) {
        byte[] row = new byte[PatchGeometry.CHANNELS * frame.width()];
        int channelPlane = framesOfPatch * plane;
        for (int y = 0; y < frame.height(); y++) {
            frame.pixels().get(row.length * y, row);
            int first = rowStart(t, y / patchPixels) + slot * plane + y % patchPixels * patchPixels;
            for (int column = 0; column < columns.length; column++) {
                int to = first + columns[column];
                int from = PatchGeometry.CHANNELS * column * patchPixels;
                // The last eight pixels may overlap those before them.
                for (int x = 0; x < patchPixels; x += EightPixels.COUNT) {
                    int eight = Math.min(x, patchPixels - EightPixels.COUNT);
                    EightPixels.split(row, from + PatchGeometry.CHANNELS * eight, patches, to + eight, channelPlane);
                }
            }
        }
    }

    /** Where the first patch of a row of the grid lies: the patches that become one token lie side by side. */
    private int rowStart(int t, int y) {
        int merge = grid.geometry().mergeSize();
        int patch = (t * grid.h() + y / merge * merge) * grid.w() + y % merge * merge;
        return patch * grid.geometry().patchBytes();
    }

    /** How many patches after the first of its row a column's lies. */
    private int columnInBlocks(int x) {
        int merge = grid.geometry().mergeSize();
        return x / merge * merge * merge + x % merge;
    }

    /** The last frame fills what is left of its patches, as a still image fills both slots. */
    private void repeatSlotBefore(int slot) {
        int slice = grid.h() * grid.w() * grid.geometry().patchBytes();
        int channelPlane = framesOfPatch * plane;
        for (int at = (grid.t() - 1) * slice; at < grid.t() * slice; at += channelPlane) {
            System.arraycopy(patches, at + (slot - 1) * plane, patches, at + slot * plane, plane);
        }
    }
}
