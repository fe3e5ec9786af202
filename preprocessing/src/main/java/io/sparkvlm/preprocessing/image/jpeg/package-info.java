/**
 * JPEG files: bytes go in, and what their markers say comes out, or the pixels of a file with four inks. OpenCV decodes
 * all others. Start reading at {@link io.sparkvlm.preprocessing.image.jpeg.JpegHeader}, then
 * {@link io.sparkvlm.preprocessing.image.jpeg.CmykJpegDecoder}.
 */
package io.sparkvlm.preprocessing.image.jpeg;
