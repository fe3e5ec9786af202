package io.sparkvlm.engine.model;

/**
 * How large a step may be.
 *
 * @param rows tokens that are computed
 * @param sequences that get a token
 * @param contextTokens of the longest sequence
 */
public record StepLimits(long rows, long sequences, long contextTokens) {}
