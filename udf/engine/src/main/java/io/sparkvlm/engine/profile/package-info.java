/**
 * Where the engine's thread spends its time: the phases of its steps go in, sums and, where one is asked for, a trace file
 * come out. Start reading at {@link io.sparkvlm.engine.profile.StepClock}.
 */
package io.sparkvlm.engine.profile;
