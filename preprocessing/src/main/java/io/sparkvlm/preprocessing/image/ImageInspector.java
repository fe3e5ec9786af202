package io.sparkvlm.preprocessing.image;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether a file is an image that may be decoded, before native code sees a byte of it: its type, its size, its
 * structure up to its last chunk or marker, its pixels and its shape.
 *
 * <p>Thread-safe.
 */
public final class ImageInspector {
    private final MediaLimits limits;

    public ImageInspector(MediaLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** Whether the first bytes of an image file hold its header; {@link #inspect} of them checks no more. */
    public static boolean isToldBy(byte[] start) {
        Optional<ImageFormat> format = ImageFormats.of(start);
        try {
            return format.isPresent() && format.get().headerOfStart(start).width() > 0;
        } catch (DamagedImageException e) {
            return false; // what is missing may be behind
        }
    }

    /**
     * Checks one file; of a row that crossed an exchange too.
     *
     * @param reference named by the rejection when it does not hold
     */
    public Outcome<EncodedImage> inspect(FetchedFile file, MediaReference reference) {
        byte[] bytes = file.bytes();
        if (bytes.length == 0) {
            return reference.rejected(MediaFault.EMPTY_FILE, "expected an image, found 0 bytes");
        }
        if (file.fileBytes() > limits.maxFileBytes()) {
            return reference.tooManyBytes(limits.maxFileBytes(), file.fileBytes());
        }
        Optional<ImageFormat> format = ImageFormats.of(bytes);
        if (format.isEmpty()) {
            return reference.rejected(
                    MediaFault.UNSUPPORTED_MEDIA_TYPE,
                    "expected " + ImageFormats.names() + ", found a file whose type is "
                            + ForeignFormats.describe(bytes));
        }
        ImageHeader header;
        try {
            header = file.isWhole() ? format.get().header(bytes) : format.get().headerOfStart(bytes);
        } catch (DamagedImageException e) {
            return reference.rejected(MediaFault.PARSE_ERROR, e.getMessage());
        }
        long pixels = (long) header.width() * header.height();
        if (pixels > limits.maxPixels()) {
            return reference.rejected(
                    MediaFault.TOO_LARGE,
                    "expected at most " + limits.maxPixels() + " pixels, found " + header.width() + " x "
                            + header.height());
        }
        if (Math.max(header.width(), header.height())
                > (long) MediaLimits.MAX_ASPECT_RATIO * Math.min(header.width(), header.height())) {
            return reference.rejected(
                    MediaFault.INVALID_ASPECT_RATIO,
                    "expected an aspect ratio of at most " + MediaLimits.MAX_ASPECT_RATIO + ", found " + header.width()
                            + " x " + header.height());
        }
        return Outcome.ok(new EncodedImage(bytes, header, file.ref(), file.fileBytes()));
    }
}
