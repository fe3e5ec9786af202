/**
 * What the image formats are built of: a reader that never passes a file's end, the header that each of them fills in,
 * palettes, backgrounds, orientations and OpenCV. It knows no single format, and every format knows it. Start reading at
 * {@link io.sparkvlm.preprocessing.image.format.ImageFormat}, then
 * {@link io.sparkvlm.preprocessing.image.format.ByteReader}.
 */
package io.sparkvlm.preprocessing.image.format;
