package io.sparkvlm.preprocessing.video.container;

/**
 * What a header says of one video track.
 *
 * @param number which the track's frames name it by
 * @param width of its frames, in pixels
 * @param height of its frames, in pixels
 */
record VideoTrack(long number, long width, long height, boolean encrypted) {}
