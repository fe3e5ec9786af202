/**
 * Pictures as requests point at them: a {@link io.sparkvlm.preprocessing.media.MediaReference} goes in, and bytes whose
 * header was checked come out, from which upright RGB pixels are decoded, equal to Pillow's. What does not hold becomes
 * a rejection before native code sees a byte. Start reading at {@link io.sparkvlm.preprocessing.media.MediaFetcher},
 * then {@link io.sparkvlm.preprocessing.media.ImageInspector} and {@link io.sparkvlm.preprocessing.media.ImageDecoder}.
 */
package io.sparkvlm.preprocessing.media;
