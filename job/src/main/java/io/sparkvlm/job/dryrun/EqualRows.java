package io.sparkvlm.job.dryrun;

/**
 * Counts the rows that ask what an earlier one asks.
 *
 * @param answerable those of them that nothing is found against
 */
public record EqualRows(long all, long answerable) {}
