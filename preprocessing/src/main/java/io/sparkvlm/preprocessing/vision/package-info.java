/**
 * From pictures to what the vision tower reads: upright RGB and a pixel budget go in, uint8 patches with their grid come
 * out, equal to the byte to what transformers computes. A picture's language tokens are known from its header alone.
 * Start reading at {@link io.sparkvlm.preprocessing.vision.SmartResize} and {@link
 * io.sparkvlm.preprocessing.vision.VisionEncoder}.
 */
package io.sparkvlm.preprocessing.vision;
