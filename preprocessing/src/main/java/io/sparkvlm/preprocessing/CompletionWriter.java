package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Generation;
import io.sparkvlm.preprocessing.openai.ChatCompletion;
import io.sparkvlm.preprocessing.openai.ChatCompletionChunk;
import io.sparkvlm.preprocessing.openai.Delivery;
import java.time.Clock;
import java.util.Locale;

/** Writes a row's answer in OpenAI's format. Thread-safe. */
final class CompletionWriter {
    private final Clock clock;

    CompletionWriter(Clock clock) {
        this.clock = clock;
    }

    Completion write(ReadyRequest ready, Generation generation) {
        String text = ready.text().text();
        String finishReason = finishReason(generation);
        Completion.Usage usage = new Completion.Usage(
                ready.task().prompt().tokens(),
                generation.tokens().size(),
                generation.cachedTokens(),
                ready.visionTokens());
        ChatCompletion response = new ChatCompletion(
                CompletionId.of(ready.rowId()),
                clock.instant().getEpochSecond(),
                ready.model(),
                text,
                finishReason,
                ready.text().logprobs(),
                usage(ready, generation));
        return new Completion(text, finishReason, response.toJson(), usage);
    }

    CompletionParts parts(ReadyRequest ready, Delivery delivery) {
        return new CompletionParts(
                ready,
                new ChatCompletionChunk(
                        CompletionId.of(ready.rowId()), clock.instant().getEpochSecond(), ready.model(), delivery));
    }

    static String finishReason(Generation generation) {
        return generation.finishReason().name().toLowerCase(Locale.ROOT);
    }

    static ChatCompletion.Usage usage(ReadyRequest ready, Generation generation) {
        return new ChatCompletion.Usage(
                ready.task().prompt().tokens(), generation.tokens().size(), generation.cachedTokens());
    }
}
