/**
 * The files of an input before anything is known of their requests: names, folders and patterns go in. The files of one
 * format come out, with what was passed over, what is not what its name says and what is damaged; lines are read here
 * and are only bytes. Start reading at {@link io.sparkvlm.job.input.files.RequestFiles}.
 */
package io.sparkvlm.job.input.files;
