package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;

/**
 * One image or video as patches, before it has a place in a prompt.
 *
 * @param patches as in {@link VisionInput}
 */
public record EncodedVision(byte[] patches, PatchGrid grid) {
    /**
     * These patches at their place in a prompt.
     *
     * @param contentHash equal only for what has equal patches
     */
    public VisionInput at(int firstToken, String contentHash) {
        return new VisionInput(patches, grid, firstToken, contentHash);
    }
}
