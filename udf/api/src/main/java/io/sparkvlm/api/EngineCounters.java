package io.sparkvlm.api;

import java.time.Duration;

/**
 * What an engine has done since it opened; all but running, waiting and the blocks only grow.
 *
 * @param submitted prompts that the engine has taken up
 * @param finished prompts answered, rejected or cancelled
 * @param steps forward passes of the language model
 * @param promptTokens prompt tokens computed, those computed again after a preemption included
 * @param completionTokens tokens generated
 * @param preemptions sequences that gave up their cache blocks to others
 * @param cachedTokens prompt tokens not computed, because a sequence that began alike had left them in the cache
 * @param encodedMedia images and videos that the vision tower was run for
 * @param cachedMedia images and videos whose embeddings were there already
 * @param running sequences that hold cache blocks now
 * @param waiting sequences that hold none now
 * @param blocks of the key-value cache
 * @param usedBlocks those of them that sequences hold now
 * @param times where its thread spent its time
 */
public record EngineCounters(
        long submitted,
        long finished,
        long steps,
        long promptTokens,
        long completionTokens,
        long preemptions,
        long cachedTokens,
        long encodedMedia,
        long cachedMedia,
        int running,
        int waiting,
        int blocks,
        int usedBlocks,
        EngineTimes times) {
    /** Of an engine that has done nothing. */
    public static final EngineCounters NONE =
            new EngineCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, EngineTimes.NONE);

    /** The same with another time that the thread had nothing to do. */
    public EngineCounters withIdle(Duration idle) {
        return new EngineCounters(
                submitted,
                finished,
                steps,
                promptTokens,
                completionTokens,
                preemptions,
                cachedTokens,
                encodedMedia,
                cachedMedia,
                running,
                waiting,
                blocks,
                usedBlocks,
                new EngineTimes(
                        idle, times.vision(), times.prefill(), times.decode(), times.sampling(), times.other()));
    }
}
