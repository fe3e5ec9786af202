package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;

/**
 * One image or video as patches, before it has a place in a prompt.
 *
 * @param patches as in {@link VisionInput}
 * @param contentHash of the resized pictures and the grid: who has an equal one has equal patches
 */
public record EncodedVision(byte[] patches, PatchGrid grid, String contentHash) {
    /** The same at its place in a prompt. */
    public VisionInput at(int firstToken) {
        return new VisionInput(patches, grid, firstToken, contentHash);
    }
}
