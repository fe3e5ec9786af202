/**
 * Decides what each step of the engine computes: sequences go in, a {@link io.sparkvlm.engine.schedule.StepPlan} a step
 * comes out. Only counts of tokens and numbers of cache blocks live here, no tensor. Start reading at {@link
 * io.sparkvlm.engine.schedule.Scheduler}.
 */
package io.sparkvlm.engine.schedule;
