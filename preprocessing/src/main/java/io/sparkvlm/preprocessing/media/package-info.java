/**
 * What images and videos share: where a request says its media are, the bytes as they came, what can be wrong with them,
 * and the upright picture that decoding ends in. The rooms for fetching, for images, for videos and for decoding are
 * built on it, and it knows none of them. Start reading at {@link io.sparkvlm.preprocessing.media.MediaReference}, then
 * {@link io.sparkvlm.preprocessing.media.RgbImage}.
 */
package io.sparkvlm.preprocessing.media;
