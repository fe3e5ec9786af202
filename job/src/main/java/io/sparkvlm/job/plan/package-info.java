/**
 * How a model's memory is divided on devices that need not be there: settings of an engine and a model's dimensions go in, a plan
 * in words and what to change where it does not fit come out. Start reading at {@link io.sparkvlm.job.plan.Planner}.
 */
package io.sparkvlm.job.plan;
