package io.sparkvlm.api;

/**
 * One image or video as the vision tower takes it.
 *
 * @param patches uint8 pixels, [grid.patches(), {@value #PATCH_BYTES}]: patches in 2 x 2 blocks, a patch as channel x
 *     temporal 2 x 14 x 14; not yet normalised
 * @param firstToken where in the prompt its language tokens start
 * @param contentHash of the pictures and the grid: who has an equal one has equal patches
 */
public record VisionInput(byte[] patches, PatchGrid grid, int firstToken, String contentHash) {
    /** Channels x temporal patch x patch height x patch width. */
    public static final int PATCH_BYTES = 3 * 2 * 14 * 14;

    public VisionInput {
        if (patches.length != (long) grid.patches() * PATCH_BYTES) {
            throw new IllegalArgumentException("expected " + grid.patches() + " patches of " + PATCH_BYTES
                    + " bytes, found " + patches.length + " bytes");
        }
    }

    public int tokens() {
        return grid.tokens();
    }
}
