package io.sparkvlm.preprocessing.prepared;

/** The form in which a medium waits to become patches. */
public enum MediaForm {
    /** Image files as they came, one for each picture. */
    IMAGES,
    /** One video file as it came. */
    VIDEO_FILE,
    /** The pictures resized, as interleaved RGB of a byte each: what crosses an exchange, which compresses it. */
    FRAMES,
    /** The pictures resized, each as a PNG: what is kept. */
    PNG_FRAMES;

    /** Whether its pictures have the size that the model sees. */
    public boolean isResized() {
        return switch (this) {
            case IMAGES, VIDEO_FILE -> false;
            case FRAMES, PNG_FRAMES -> true;
        };
    }
}
