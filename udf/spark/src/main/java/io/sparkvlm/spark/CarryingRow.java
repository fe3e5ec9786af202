package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.prepared.PreparedRow;

/**
 * A prepared row on its way to the engine or into a table.
 *
 * @param carried the values of the columns that go through to the output untouched
 */
record CarryingRow(PreparedRow row, Object[] carried) {}
