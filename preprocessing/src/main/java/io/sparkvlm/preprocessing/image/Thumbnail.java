package io.sparkvlm.preprocessing.image;

import java.util.Objects;

/**
 * A picture small enough to lie in a page.
 *
 * @param mediaType image/jpeg or image/png
 * @param bytes the file; not copied, and not to be changed
 * @param width in pixels
 * @param height in pixels
 */
public record Thumbnail(String mediaType, byte[] bytes, int width, int height) {
    public Thumbnail {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(bytes, "bytes");
    }
}
