package io.sparkvlm.engine.schedule;

/**
 * An image or video in a prompt, where it replaces the embeddings of its tokens.
 *
 * @param contentHash equal only for what has equal embeddings
 */
public record PlacedMedium(int firstToken, int tokens, String contentHash) {
    boolean overlaps(int from, int to) {
        return firstToken < to && firstToken + tokens > from;
    }
}
