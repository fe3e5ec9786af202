/**
 * WebP files: bytes go in, and what their chunks say comes out. OpenCV decodes the pixels. Start reading at
 * {@link io.sparkvlm.preprocessing.image.webp.WebpHeader}.
 */
package io.sparkvlm.preprocessing.image.webp;
