/**
 * Text for people: causes, names, counts and whatever strangers wrote go in. Lines come out that say one thing, fit a
 * terminal and cannot steer it. Start reading at {@link io.sparkvlm.job.text.VisibleText} and {@link
 * io.sparkvlm.job.text.JobRefusedException}.
 */
package io.sparkvlm.job.text;
