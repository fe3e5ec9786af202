/**
 * JPEG files: bytes go in, and what their markers say or their pixels as RGB come out. OpenCV decodes all but those of four
 * inks. Start reading at
 * {@link io.sparkvlm.preprocessing.image.jpeg.JpegFormat}, then {@code JpegHeader}.
 */
package io.sparkvlm.preprocessing.image.jpeg;
