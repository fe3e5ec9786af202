package io.sparkvlm.preprocessing;

/** In what form does a medium wait to become patches? */
public enum MediaForm {
    /** Image files as they came, one for each picture. */
    IMAGES,
    /** One video file as it came. */
    VIDEO_FILE,
    /** The pictures resized, as interleaved RGB of a byte each: what crosses an exchange, which compresses it. */
    FRAMES,
    /** The same, each a PNG: what is kept. */
    PNG_FRAMES;

    boolean isResized() {
        return switch (this) {
            case IMAGES, VIDEO_FILE -> false;
            case FRAMES, PNG_FRAMES -> true;
        };
    }
}
