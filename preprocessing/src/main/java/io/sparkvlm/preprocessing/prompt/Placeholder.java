package io.sparkvlm.preprocessing.prompt;

/**
 * Which medium stands where in a prompt?
 *
 * @param token the index of its only or first token
 * @param medium its index among the conversation's media
 */
public record Placeholder(int token, int medium) {}
