/**
 * A job from its first task to its summary: selected inputs, settings and an output folder go in. Progress while it runs
 * and the figures of what was written come out; {@link io.sparkvlm.job.run.LocalModel} answers without a job. Start reading at
 * {@link io.sparkvlm.job.run.GenerateJob} and {@link io.sparkvlm.job.run.PrepareJob}.
 */
package io.sparkvlm.job.run;
