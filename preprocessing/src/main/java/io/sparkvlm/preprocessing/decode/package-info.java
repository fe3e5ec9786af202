/**
 * Decoding that may crash, hang or swell without harm: a
 * {@link io.sparkvlm.preprocessing.decode.task.DecodeTask} goes in, and its pictures come out one after the other, decoded
 * by a child process, or in this one where the inputs are trusted. What kills its decoder twice becomes a rejection. Start
 * reading at {@link io.sparkvlm.preprocessing.decode.MediaDecoder}.
 */
package io.sparkvlm.preprocessing.decode;
