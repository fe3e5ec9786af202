/**
 * What can be asked of a decoder: a checked file goes in, with what was chosen of it. A task comes out that any process
 * carries out and that says how it, its file and its result cross a pipe. Start reading at {@link
 * io.sparkvlm.preprocessing.decode.task.DecodeTask}.
 */
package io.sparkvlm.preprocessing.decode.task;
