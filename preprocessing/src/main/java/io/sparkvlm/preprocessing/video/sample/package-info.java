/**
 * Which frames of a video the model sees: a stream's length and rate and a request's wishes go in, and frame numbers come
 * out, as qwen-vl-utils counts them. Nothing is decoded. Start reading at
 * {@link io.sparkvlm.preprocessing.video.sample.FrameSampler}.
 */
package io.sparkvlm.preprocessing.video.sample;
