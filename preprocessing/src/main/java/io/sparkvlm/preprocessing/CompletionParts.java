package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Generation;
import io.sparkvlm.preprocessing.openai.ChatCompletionChunk;
import io.sparkvlm.preprocessing.prompt.TextPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes a choice of an answer in OpenAI's format part by part; the texts of all parts are its text in the whole answer. Thread-safe. */
public final class CompletionParts {
    private final ReadyRequest ready;
    private final ChatCompletionChunk chunk;

    CompletionParts(ReadyRequest ready, ChatCompletionChunk chunk) {
        this.ready = ready;
        this.chunk = chunk;
    }

    /** The JSON of what comes before all else. */
    public String begin() {
        return chunk.role();
    }

    /** The JSON of a part. */
    public String part(TextPart part) {
        return chunk.content(part.text(), part.logprobs());
    }

    /** The JSON of each part that is left, once the generation's future has completed. */
    public List<String> end(Generation generation) {
        List<String> parts = new ArrayList<>();
        TextPart rest = ready.text().rest();
        if (!rest.isEmpty()) {
            parts.add(part(rest));
        }
        parts.add(chunk.end(CompletionWriter.finishReason(generation)));
        return parts;
    }

    /** The JSON of what follows the last part of all choices, if the request wants it. */
    public Optional<String> usage(List<Generation> choices) {
        return chunk.delivery().hasUsage()
                ? Optional.of(chunk.usage(CompletionWriter.usage(ready, choices)))
                : Optional.empty();
    }
}
