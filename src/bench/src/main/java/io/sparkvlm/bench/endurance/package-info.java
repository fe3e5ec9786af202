/**
 * Runs jobs for long or over much and watches their processes from outside: minutes or rows go in, a table of memory,
 * threads and time comes out. {@link io.sparkvlm.bench.endurance.JournalBench} compares a job with itself. Start reading at {@link io.sparkvlm.bench.endurance.SoakBench} and {@link
 * io.sparkvlm.bench.endurance.ScaleBench}.
 */
package io.sparkvlm.bench.endurance;
