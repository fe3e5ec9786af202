package io.sparkvlm.preprocessing;

import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.preprocessing.prompt.TextPart;
import io.sparkvlm.preprocessing.prompt.TextStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A task for the engine, and what its answer is written from. For one attempt: the stream inside is used up by it.
 *
 * @param model as the answer names it
 * @param task its listener is the text
 * @param text turns the generated tokens into the answer
 * @param visionTokens of the prompt
 * @param decodeTime spent on decoding, resizing and cutting the media
 */
public record ReadyRequest(
        String rowId, String model, GenerationTask task, TextStream text, int visionTokens, Duration decodeTime) {
    public ReadyRequest {
        Objects.requireNonNull(rowId, "rowId");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(decodeTime, "decodeTime");
    }

    /** The task, whose answer is handed over as it comes: on the engine's thread, so what takes it must be short. */
    public GenerationTask streamedTo(Consumer<TextPart> parts) {
        TokenListener listener = token -> {
            TokenListener.Verdict verdict = text.onToken(token);
            parts.accept(text.settled());
            return verdict;
        };
        return task.heardBy(listener);
    }

    /** The request once for each choice of its answer, with as many texts; each chooses its tokens by the next seed. */
    public List<ReadyRequest> choices(int count) {
        List<ReadyRequest> choices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TextStream own = text.anew();
            GenerationTask chosen = task.heardBy(own)
                    .sampledBy(task.sampling().withSeed(task.sampling().seed() + i));
            choices.add(new ReadyRequest(rowId, model, chosen, own, visionTokens, decodeTime));
        }
        return choices;
    }

    /** Copies the request for another attempt, with a text that has taken no token. */
    public ReadyRequest anew() {
        TextStream empty = text.anew();
        return new ReadyRequest(rowId, model, task.heardBy(empty), empty, visionTokens, decodeTime);
    }
}
