package io.sparkvlm.api;

/**
 * One image or video as the vision tower takes it.
 *
 * @param patches uint8 pixels, [grid.patches(), channels x temporal patch x patch height x patch width]: the patches of
 *     one token lie side by side; not yet normalised
 * @param firstToken where in the prompt its language tokens start
 * @param contentHash of the pictures and the grid: who has an equal one has equal patches
 */
public record VisionInput(byte[] patches, PatchGrid grid, int firstToken, String contentHash) {
    public VisionInput {
        if (patches.length != grid.patchBytes()) {
            throw new IllegalArgumentException("expected " + grid.patches() + " patches of "
                    + grid.geometry().patchBytes() + " bytes, found " + patches.length + " bytes");
        }
    }

    public int tokens() {
        return grid.tokens();
    }
}
