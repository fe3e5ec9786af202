/**
 * The one pass over the whole input that a job begins with: a table of requests goes in. How many rows it has, in which order, what
 * fields its lines have, and the table with repeated ids marked come out. Start reading at {@link
 * io.sparkvlm.job.input.scan.InputScan}.
 */
package io.sparkvlm.job.input.scan;
