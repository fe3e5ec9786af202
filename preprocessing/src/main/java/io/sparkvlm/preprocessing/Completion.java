package io.sparkvlm.preprocessing;

import java.util.Objects;

/**
 * A row's answer.
 *
 * @param text choices[0].message.content
 * @param finishReason {@code stop} or {@code length}
 * @param response the chat.completion, as JSON
 */
public record Completion(String text, String finishReason, String response, Usage usage) {
    public Completion {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(finishReason, "finishReason");
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(usage, "usage");
    }

    /**
     * The tokens that were read and written.
     *
     * @param prompt the vision tokens included
     * @param cached prompt tokens that were not computed again
     */
    public record Usage(int prompt, int completion, int cached, int vision) {
        public int total() {
            return prompt + completion;
        }
    }
}
