package io.sparkvlm.api;

/**
 * How a checkpoint cuts pictures: what one patch covers, and how many patches become one language token.
 *
 * @param patchPixels along each side of a patch: patch_size
 * @param temporalPatchFrames that one patch spans: temporal_patch_size
 * @param mergeSize patches along each side of the square that becomes one token: spatial_merge_size
 */
public record PatchGeometry(int patchPixels, int temporalPatchFrames, int mergeSize) {
    /** Of every published Qwen2-VL, and what a config.json means that says none of them. */
    public static final PatchGeometry QWEN2_VL = new PatchGeometry(14, 2, 2);

    public static final int CHANNELS = 3;

    /** Patches are cut eight pixels at a time. */
    private static final int LEAST_PATCH_PIXELS = 8;

    // Above what models have, and low enough that the bytes of a patch and the pixels of a token are small numbers.
    private static final int MOST_PATCH_PIXELS = 64;
    private static final int MOST_FRAMES = 8;
    private static final int MOST_MERGED = 8;

    public PatchGeometry {
        require("patch_size", patchPixels, LEAST_PATCH_PIXELS, MOST_PATCH_PIXELS);
        require("temporal_patch_size", temporalPatchFrames, 1, MOST_FRAMES);
        require("spatial_merge_size", mergeSize, 1, MOST_MERGED);
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "expected " + name + " from " + least + " to " + most + ", found " + value);
        }
    }

    /** Pixels along each side of the square that becomes one token: both sides of a resized picture are multiples. */
    public int tokenPixels() {
        return patchPixels * mergeSize;
    }

    public int patchesPerToken() {
        return mergeSize * mergeSize;
    }

    /** Channels x frames x height x width of one patch, a byte each. */
    public int patchBytes() {
        return CHANNELS * temporalPatchFrames * patchPixels * patchPixels;
    }

    @Override
    public String toString() {
        return "patch_size " + patchPixels + ", temporal_patch_size " + temporalPatchFrames + ", spatial_merge_size "
                + mergeSize;
    }
}
