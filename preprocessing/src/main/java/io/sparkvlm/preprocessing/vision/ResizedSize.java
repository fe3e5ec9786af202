package io.sparkvlm.preprocessing.vision;

/** The size in pixels that a picture is resized to. */
public record ResizedSize(int width, int height) {
    public ResizedSize {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("expected a size of at least 1 x 1, found " + width + " x " + height);
        }
    }
}
