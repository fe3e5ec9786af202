package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Generation;
import io.sparkvlm.preprocessing.openai.ChatCompletion;
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
        String finishReason = generation.finishReason().name().toLowerCase(Locale.ROOT);
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
                new ChatCompletion.Usage(usage.prompt(), usage.completion(), usage.cached()));
        return new Completion(text, finishReason, response.toJson(), usage);
    }
}
