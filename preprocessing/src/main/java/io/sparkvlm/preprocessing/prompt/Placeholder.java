package io.sparkvlm.preprocessing.prompt;

/**
 * The place of a medium in a prompt.
 *
 * @param token the index of its only or first token
 * @param medium its index among the conversation's media
 */
public record Placeholder(int token, int medium) {}
