package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.OptionalLong;

/** The bounds that a part sets to the size of its pictures, in pixels, under either spelling of their names. */
record PixelFields(OptionalLong min, OptionalLong max) {
    static final PixelFields NONE = new PixelFields(OptionalLong.empty(), OptionalLong.empty());

    static PixelFields read(Fields part) throws InvalidRequestException {
        PixelFields read = new PixelFields(
                eitherSpelling(part, "min_pixels", "min_pixel"), eitherSpelling(part, "max_pixels", "max_pixel"));
        if (read.min.isPresent() && read.max.isPresent() && read.min.getAsLong() > read.max.getAsLong()) {
            throw FieldChecks.invalid(
                    part.pathOf(part.has("min_pixels") ? "min_pixels" : "min_pixel"),
                    "expected at most max_pixels, " + read.max.getAsLong() + ", but got " + read.min.getAsLong()
                            + " instead.");
        }
        return read;
    }

    /** These bounds, and others where they are silent. Where one is set across the other's default, the default gives way. */
    PixelBounds over(long defaultMin, long defaultMax) {
        long least = min.orElse(Math.min(defaultMin, max.orElse(defaultMax)));
        return new PixelBounds(least, max.orElse(Math.max(defaultMax, least)));
    }

    private static OptionalLong eitherSpelling(Fields part, String plural, String singular)
            throws InvalidRequestException {
        OptionalLong one = part.integer(plural, 1, PixelBounds.LARGEST);
        OptionalLong other = part.integer(singular, 1, PixelBounds.LARGEST);
        if (one.isPresent() && other.isPresent() && one.getAsLong() != other.getAsLong()) {
            throw FieldChecks.invalid(
                    part.pathOf(singular),
                    "expected the same as " + plural + ", " + one.getAsLong() + ", but got " + other.getAsLong()
                            + " instead.");
        }
        return one.isPresent() ? one : other;
    }
}
