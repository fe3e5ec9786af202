package io.sparkvlm.job.lake;

/**
 * One state of one table.
 *
 * @param number of the state, among those of the table
 * @param table the table's own id, which one that is made anew under its name does not have
 */
public record TableVersion(String number, String table) {}
