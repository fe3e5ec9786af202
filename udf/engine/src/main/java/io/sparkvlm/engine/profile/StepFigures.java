package io.sparkvlm.engine.profile;

/**
 * What one step computed.
 *
 * @param sequences that took part
 * @param tokens computed, of prompts and of answers
 * @param chosenTokens generated
 * @param cachedTokens of prompts of sequences that began in it, which were not computed
 * @param encodedMedia images and videos that the vision tower was run for
 * @param preemptions sequences that gave up their cache blocks for it
 * @param waiting sequences that hold no cache blocks
 * @param freeBlocks of the key-value cache, after it
 */
public record StepFigures(
        int sequences,
        int tokens,
        int chosenTokens,
        int cachedTokens,
        int encodedMedia,
        int preemptions,
        int waiting,
        int freeBlocks) {}
