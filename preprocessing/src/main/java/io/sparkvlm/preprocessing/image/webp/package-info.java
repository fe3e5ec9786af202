/**
 * WebP files: bytes go in, and what their chunks say or their pixels as RGB come out. OpenCV decodes them. Start reading at
 * {@link io.sparkvlm.preprocessing.image.webp.WebpFormat}, then {@code WebpHeader}.
 */
package io.sparkvlm.preprocessing.image.webp;
