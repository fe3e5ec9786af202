/**
 * Runs jobs that come to harm and tells what their outputs hold: how often a job is to be harmed goes in, a line for each
 * kind of harm comes out. Start reading at {@link io.sparkvlm.bench.kill.KillBench}, then {@link
 * io.sparkvlm.bench.kill.Harm}.
 */
package io.sparkvlm.bench.kill;
