/**
 * PNG files: bytes go in, and their header or their pixels as RGB come out; pictures of ours are also written. All of the
 * reading is Java, so that no native code allocates what a chunk claims. Start reading at
 * {@link io.sparkvlm.preprocessing.image.png.PngFile}, then {@link io.sparkvlm.preprocessing.image.png.PngDecoder}.
 */
package io.sparkvlm.preprocessing.image.png;
