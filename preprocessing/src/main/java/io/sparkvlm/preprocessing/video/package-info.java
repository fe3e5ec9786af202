/**
 * Video files: bytes whose structure was checked go in, and the chosen frames come out as upright RGB, one after the
 * other, equal to PyAV's. What does not hold becomes a rejection before native code sees a byte, and FFmpeg reads
 * nothing but these bytes. Start reading at {@link io.sparkvlm.preprocessing.video.VideoInspector}, then {@link
 * io.sparkvlm.preprocessing.video.VideoDecoder} and {@link io.sparkvlm.preprocessing.video.FrameSampler}.
 */
package io.sparkvlm.preprocessing.video;
