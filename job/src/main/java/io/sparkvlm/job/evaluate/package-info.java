/**
 * Scores of an output table: how many of its answers are right, as a whole and by group, and how sure that is. Takes the
 * table that generate wrote and the columns of its gold answers. Start at {@link
 * io.sparkvlm.job.evaluate.ScoredTable}.
 */
package io.sparkvlm.job.evaluate;
