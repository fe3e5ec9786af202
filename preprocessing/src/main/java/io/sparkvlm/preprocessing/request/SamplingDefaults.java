package io.sparkvlm.preprocessing.request;

/**
 * The sampling parameters in force where a request is silent.
 *
 * @param maxTokens of an answer
 */
public record SamplingDefaults(
        double temperature, double topP, int topK, double minP, double repetitionPenalty, int maxTokens) {
    /** OpenAI's, whatever generation_config.json says; 4096 tokens. */
    public static final SamplingDefaults OPENAI = new SamplingDefaults(1, 1, 0, 0, 1, 4096);

    /** vLLM's, whatever generation_config.json says: those of OpenAI, and as many tokens as the context has room for. */
    public static final SamplingDefaults VLLM = new SamplingDefaults(1, 1, 0, 0, 1, Integer.MAX_VALUE);
}
