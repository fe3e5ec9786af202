/**
 * Jobs in processes of their own that come to harm: an input, whose rows are counted from outside as they are begun, goes
 * in. What an output holds of them comes out. Start reading at {@link io.sparkvlm.job.kill.Workload}, then {@link
 * io.sparkvlm.job.kill.KilledJob}.
 */
package io.sparkvlm.job.kill;
