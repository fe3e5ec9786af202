package io.sparkvlm.checkpoint;

import io.sparkvlm.api.PatchGeometry;
import java.io.IOException;

/**
 * Reads a checkpoint's config.json, flat as published or nested (text_config) as transformers 5 writes it, and the
 * configuration of its image processor. What preprocessing and the engine must both know has a method here.
 */
public final class CheckpointConfig {
    private static final String PUBLISHED_PROCESSOR = "preprocessor_config.json";
    private static final String NESTED_PROCESSOR = "processor_config.json";

    private final CheckpointFolder folder;
    private final ConfigNode root;

    private CheckpointConfig(CheckpointFolder folder, ConfigNode root) {
        this.folder = folder;
        this.root = root;
    }

    /**
     * Reads the folder's config.json.
     *
     * @throws CheckpointException when there is none, or it is not a JSON object
     */
    public static CheckpointConfig read(CheckpointFolder folder) throws IOException {
        return new CheckpointConfig(folder, ConfigNode.read(folder.file("config.json")));
    }

    public ConfigNode root() {
        return root;
    }

    /** The language model's fields. */
    public ConfigNode text() throws CheckpointException {
        return root.has("text_config") ? root.child("text_config") : root;
    }

    /** The vision tower's fields. */
    public ConfigNode vision() throws CheckpointException {
        return root.child("vision_config");
    }

    /** The image processor's fields, in preprocessor_config.json or, as transformers 5 writes it, processor_config.json. */
    public ConfigNode imageProcessor() throws IOException {
        return folder.has(PUBLISHED_PROCESSOR)
                ? ConfigNode.read(folder.file(PUBLISHED_PROCESSOR))
                : ConfigNode.read(folder.file(NESTED_PROCESSOR)).child("image_processor");
    }

    /** One above the largest token id. */
    public int vocabularySize() throws CheckpointException {
        return text().integer("vocab_size");
    }

    /** Tokens of the longest prompt and answer that the model was made for. */
    public int contextTokens() throws CheckpointException {
        return text().integer("max_position_embeddings");
    }

    /** The id that stands where an image's tokens go. */
    public int imageTokenId() throws CheckpointException {
        return tokenId("image_token_id");
    }

    /** The id that stands where a video's tokens go. */
    public int videoTokenId() throws CheckpointException {
        return tokenId("video_token_id");
    }

    private int tokenId(String field) throws CheckpointException {
        int id = root.integer(field);
        if (id < 0) {
            throw root.fault(field, "a token id of at least 0", String.valueOf(id));
        }
        return id;
    }

    /**
     * How the checkpoint cuts pictures; a field that is left out is Qwen2-VL's.
     *
     * @throws CheckpointException when no model has such numbers, or when the image processor's are others
     */
    public PatchGeometry patchGeometry() throws IOException {
        PatchGeometry usual = PatchGeometry.QWEN2_VL;
        ConfigNode vision = vision();
        PatchGeometry geometry;
        try {
            geometry = new PatchGeometry(
                    vision.integer("patch_size", usual.patchPixels()),
                    vision.integer("temporal_patch_size", usual.temporalPatchFrames()),
                    vision.integer("spatial_merge_size", usual.mergeSize()));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(vision.file(), "vision_config: " + e.getMessage(), e);
        }
        vision.optionallyEqual("spatial_patch_size", geometry.patchPixels());
        vision.optionallyEqual("in_channels", PatchGeometry.CHANNELS);
        vision.optionallyEqual("in_chans", PatchGeometry.CHANNELS);
        if (folder.has(PUBLISHED_PROCESSOR) || folder.has(NESTED_PROCESSOR)) {
            ConfigNode processor = imageProcessor();
            processor.optionallyEqual("patch_size", geometry.patchPixels());
            processor.optionallyEqual("temporal_patch_size", geometry.temporalPatchFrames());
            processor.optionallyEqual("merge_size", geometry.mergeSize());
        }
        return geometry;
    }
}
