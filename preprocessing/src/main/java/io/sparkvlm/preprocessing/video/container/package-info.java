/**
 * The structure of video files: fetched bytes go in, and a checked file comes out, or the rejection that says what does
 * not hold, before native code sees a byte. Every length in the file was compared with the file by then. Start reading at
 * {@link io.sparkvlm.preprocessing.video.container.VideoInspector}, then
 * {@link io.sparkvlm.preprocessing.video.container.Mp4Walker}.
 */
package io.sparkvlm.preprocessing.video.container;
