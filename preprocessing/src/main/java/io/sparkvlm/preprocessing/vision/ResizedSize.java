package io.sparkvlm.preprocessing.vision;

/** A size in pixels that patches and merged patches divide: both sides are multiples of {@link SmartResize#FACTOR}. */
public record ResizedSize(int width, int height) {
    public ResizedSize {
        if (width < 1 || height < 1 || width % SmartResize.FACTOR != 0 || height % SmartResize.FACTOR != 0) {
            throw new IllegalArgumentException(
                    "expected positive multiples of " + SmartResize.FACTOR + ", found " + width + " x " + height);
        }
    }
}
