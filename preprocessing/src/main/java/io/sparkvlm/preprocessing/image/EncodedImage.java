package io.sparkvlm.preprocessing.image;

import io.sparkvlm.preprocessing.image.format.ImageHeader;
import java.util.Locale;
import java.util.Objects;

/**
 * An image file that was checked, or its start; only {@link ImageInspector} makes one.
 *
 * @param bytes the file; not copied, and not to be changed
 * @param ref where it came from as the output may say it: neither payload nor query
 * @param fileBytes of the whole file; one of which there is but a start is not decoded
 */
public record EncodedImage(byte[] bytes, ImageHeader header, String ref, long fileBytes) {
    public EncodedImage {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(ref, "ref");
    }

    /** As a data: URL names the file's format. */
    public String mediaType() {
        return "image/" + ImageFormats.of(bytes).orElseThrow().name().toLowerCase(Locale.ROOT);
    }
}
