package io.sparkvlm.job.lake;

import java.util.Optional;

/**
 * One state of one table.
 *
 * @param number of the state, among those of the table
 * @param table the table's own id, which one that is made anew under its name does not have; empty where an
 *     output was begun by a version of this project that did not keep it
 */
public record TableVersion(String number, Optional<String> table) {}
