/**
 * Decoding of video by FFmpeg: a checked file and the numbers of frames go in, and those frames come out as upright RGB,
 * one after the other, equal to PyAV's. FFmpeg reads nothing but these bytes. Start reading at
 * {@link io.sparkvlm.preprocessing.video.ffmpeg.VideoDecoder}, then
 * {@link io.sparkvlm.preprocessing.video.ffmpeg.Demuxer}.
 */
package io.sparkvlm.preprocessing.video.ffmpeg;
