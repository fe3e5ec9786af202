package io.sparkvlm.preprocessing.openai;

/**
 * What a row asks for, as it came: any field may be missing, null, of the wrong type or unknown.
 *
 * @param body a value of any type; its path is empty, so that a field's path reads {@code messages[0].role}
 */
public record ChatCompletionRequest(WireValue body) {}
