/**
 * PNG files: bytes go in, and their header or their pixels as RGB come out; pictures of ours are also written. All of the
 * reading is Java, so that no native code allocates what a chunk claims. Start reading at
 * {@link io.sparkvlm.preprocessing.image.png.PngFormat}, then {@code PngFile}.
 */
package io.sparkvlm.preprocessing.image.png;
