package io.sparkvlm.preprocessing;

import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.preprocessing.prompt.ExpandedPrompt;
import io.sparkvlm.preprocessing.prompt.PromptEncoder;
import io.sparkvlm.preprocessing.prompt.TextStream;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParams.EndOfSequence;
import io.sparkvlm.preprocessing.vision.EncodedVision;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes the engine's task of a prepared row, and decodes its media unless they were before. Thread-safe. */
final class RowEncoder {
    private final PromptEncoder prompts;
    private final MediaEncoder media;

    RowEncoder(PromptEncoder prompts, MediaEncoder media) {
        this.prompts = prompts;
        this.media = media;
    }

    Outcome<ReadyRequest> encode(PreparedRow row) {
        return row.answerable().flatMap(request -> RowFaults.caught(row.rowId(), () -> encode(row.rowId(), request)));
    }

    private Outcome<ReadyRequest> encode(String rowId, PreparedRequest request) {
        long start = System.nanoTime();
        return Outcomes.all(request.media(), media::encode).map(vision -> {
            Duration decodeTime = Duration.ofNanos(System.nanoTime() - start);
            GenerationParams generation = request.generation();
            ExpandedPrompt expanded = request.prompt()
                    .expand(request.media().stream().map(PreparedMedia::grid).toList());
            TextStream text = prompts.textStream(generation);
            GenerationTask task = new GenerationTask(
                    placed(expanded, request.media(), vision),
                    generation.sampling(),
                    stopRules(generation),
                    prompts.constraint(generation),
                    text);
            return new ReadyRequest(rowId, request.model(), task, text, request.visionTokens(), decodeTime);
        });
    }

    private static Prompt placed(ExpandedPrompt prompt, List<PreparedMedia> media, List<EncodedVision> vision) {
        List<VisionInput> inputs = prompt.places().stream()
                .map(place -> vision.get(place.medium())
                        .at(place.token(), media.get(place.medium()).contentHash()))
                .toList();
        return new Prompt(prompt.tokenIds(), prompt.positions(), inputs);
    }

    private StopRules stopRules(GenerationParams generation) {
        Set<Integer> ids = new HashSet<>(generation.stopIds());
        if (generation.endOfSequence() == EndOfSequence.ENDS) {
            ids.addAll(prompts.settings().endIds());
        }
        return new StopRules(generation.maxTokens(), generation.minTokens(), ids);
    }
}
