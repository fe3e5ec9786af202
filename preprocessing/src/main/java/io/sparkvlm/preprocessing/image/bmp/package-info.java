/**
 * BMP files: bytes go in, and their header or their pixels as RGB come out. Where files do not keep to the format, they are
 * read as Pillow reads them. Start reading at
 * {@link io.sparkvlm.preprocessing.image.bmp.BmpFormat}, then {@code BmpFile}.
 */
package io.sparkvlm.preprocessing.image.bmp;
