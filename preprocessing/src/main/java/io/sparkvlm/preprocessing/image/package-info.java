/**
 * Image files of all formats: fetched bytes go in, a checked file comes out of the inspector, and its upright RGB out of
 * the decoder, equal to Pillow's. What does not hold becomes a rejection before native code sees a byte. Start reading at
 * {@link io.sparkvlm.preprocessing.image.ImageInspector}, then {@link io.sparkvlm.preprocessing.image.ImageDecoder}.
 */
package io.sparkvlm.preprocessing.image;
