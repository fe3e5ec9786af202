package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Generation;
import io.sparkvlm.preprocessing.openai.ChatCompletion;
import io.sparkvlm.preprocessing.openai.ChatCompletion.Choice;
import io.sparkvlm.preprocessing.openai.ChatCompletionChunk;
import io.sparkvlm.preprocessing.openai.Delivery;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a row's answer in OpenAI's format. Thread-safe. */
final class CompletionWriter {
    private final Clock clock;

    CompletionWriter(Clock clock) {
        this.clock = clock;
    }

    /** The answer of one choice, as a table has it. */
    Completion write(ReadyRequest ready, Generation generation) {
        Choice choice = choice(ready, generation);
        Completion.Usage usage = new Completion.Usage(
                ready.task().prompt().tokens(),
                generation.tokens().size(),
                generation.cachedTokens(),
                ready.visionTokens());
        String response = json(List.of(choice), usage(ready, List.of(generation)), ready);
        return new Completion(choice.content(), choice.finishReason(), response, usage);
    }

    /** The answer of all choices. */
    String write(List<ReadyRequest> choices, List<Generation> generations) {
        List<Choice> written = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            written.add(choice(choices.get(i), generations.get(i)));
        }
        ReadyRequest first = choices.get(0);
        return json(written, usage(first, generations), first);
    }

    private static Choice choice(ReadyRequest ready, Generation generation) {
        String text = ready.text().text();
        return new Choice(text, finishReason(generation), ready.text().logprobs());
    }

    private String json(List<Choice> choices, ChatCompletion.Usage usage, ReadyRequest ready) {
        return new ChatCompletion(
                        CompletionId.of(ready.rowId()), clock.instant().getEpochSecond(), ready.model(), choices, usage)
                .toJson();
    }

    List<CompletionParts> parts(List<ReadyRequest> choices, Delivery delivery) {
        long created = clock.instant().getEpochSecond();
        List<CompletionParts> parts = new ArrayList<>();
        for (ReadyRequest ready : choices) {
            String id = CompletionId.of(ready.rowId());
            parts.add(new CompletionParts(
                    ready, new ChatCompletionChunk(id, created, ready.model(), delivery, parts.size())));
        }
        return parts;
    }

    static String finishReason(Generation generation) {
        return generation.finishReason().name().toLowerCase(Locale.ROOT);
    }

    /** The prompt counts once, whatever the number of its choices: the others begin with what the first one computed of it. */
    static ChatCompletion.Usage usage(ReadyRequest ready, List<Generation> choices) {
        return new ChatCompletion.Usage(
                ready.task().prompt().tokens(),
                choices.stream().mapToInt(choice -> choice.tokens().size()).sum(),
                choices.get(0).cachedTokens());
    }
}
