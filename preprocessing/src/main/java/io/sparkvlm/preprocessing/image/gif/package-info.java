/**
 * GIF files: bytes go in, and the header or the first picture as RGB come out. Where files do not keep to the format, they
 * are read as Pillow reads them. Start reading at
 * {@link io.sparkvlm.preprocessing.image.gif.GifFormat}, then {@code GifFile}.
 */
package io.sparkvlm.preprocessing.image.gif;
