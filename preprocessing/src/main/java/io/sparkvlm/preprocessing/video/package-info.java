/**
 * What the rooms for video share: the checked file and its header, the limits it was checked against, the stream that
 * probing finds in it, and the fault of a file that gives no frames. Nothing here reads a file. Start reading at
 * {@link io.sparkvlm.preprocessing.video.EncodedVideo}, then {@link io.sparkvlm.preprocessing.video.VideoLimits}.
 */
package io.sparkvlm.preprocessing.video;
