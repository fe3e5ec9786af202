package io.sparkvlm.preprocessing.prepared;

import io.sparkvlm.preprocessing.prompt.ChatPrompt;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A valid request with its prompt and its planned media: all that decoding and generating need.
 *
 * @param model as the answer names it
 * @param generation the sampling parameters in force
 * @param prompt with one token for each medium
 * @param media in the order of the conversation
 * @param conversation what the prompt was made of; empty for a row of a table, which keeps the prompt only
 */
public record PreparedRequest(
        String model,
        GenerationParams generation,
        ChatPrompt prompt,
        List<PreparedMedia> media,
        Optional<Conversation> conversation) {
    public PreparedRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(conversation, "conversation");
        media = List.copyOf(media);
    }

    /** The sampling parameters in force, as JSON: the {@code params} column of the output. */
    public String params() {
        return GenerationParamsJson.write(generation);
    }

    /** The media's tokens included. */
    public int promptTokens() {
        return Math.toIntExact(
                prompt.tokens(media.stream().map(PreparedMedia::grid).toList()));
    }

    public int visionTokens() {
        return media.stream().mapToInt(part -> part.grid().tokens()).sum();
    }

    /** The request with its media in another form. */
    public PreparedRequest with(List<PreparedMedia> others) {
        return new PreparedRequest(model, generation, prompt, others, conversation);
    }
}
