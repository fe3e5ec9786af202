package io.sparkvlm.api;

/**
 * What an engine has done since it opened; all but the last two only grow.
 *
 * @param submitted prompts that the engine has taken up
 * @param finished prompts answered, rejected or cancelled
 * @param steps forward passes of the language model
 * @param promptTokens prompt tokens computed, those computed again after a preemption included
 * @param completionTokens tokens generated
 * @param preemptions sequences that gave up their cache blocks to others
 * @param running sequences that hold cache blocks now
 * @param waiting sequences that hold none now
 */
public record EngineCounters(
        long submitted,
        long finished,
        long steps,
        long promptTokens,
        long completionTokens,
        long preemptions,
        int running,
        int waiting) {}
