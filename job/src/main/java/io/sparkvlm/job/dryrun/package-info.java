/**
 * What a job would do, without doing it: what is known of judged requests and how long a few of them took go in, a report
 * in lines or as JSON comes out. Start reading at {@link io.sparkvlm.job.dryrun.DryRunReport}.
 */
package io.sparkvlm.job.dryrun;
