package io.sparkvlm.preprocessing;

import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.preprocessing.prompt.ContextLength;
import io.sparkvlm.preprocessing.prompt.ExpandedPrompt;
import io.sparkvlm.preprocessing.prompt.PromptEncoder;
import io.sparkvlm.preprocessing.prompt.TextStream;
import io.sparkvlm.preprocessing.request.Chat;
import io.sparkvlm.preprocessing.request.ChatCodec;
import io.sparkvlm.preprocessing.request.DecodingParams;
import io.sparkvlm.preprocessing.request.DecodingParams.EndOfSequence;
import io.sparkvlm.preprocessing.vision.EncodedVision;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What does the engine take for a prepared row? Its media are decoded here. Thread-safe. */
final class RowEncoder {
    private final PromptEncoder prompts;
    private final ContextLength context;
    private final MediaEncoder media;

    RowEncoder(PromptEncoder prompts, ContextLength context, MediaEncoder media) {
        this.prompts = prompts;
        this.context = context;
        this.media = media;
    }

    Outcome<ReadyRequest> encode(PreparedRow row) {
        return row.outcome().flatMap(request -> RowFaults.caught(row.rowId(), () -> encode(row.rowId(), request)));
    }

    private Outcome<ReadyRequest> encode(String rowId, PreparedRequest request) {
        long start = System.nanoTime();
        return Outcomes.all(request.media(), media::encode).flatMap(vision -> {
            Duration decodeTime = Duration.ofNanos(System.nanoTime() - start);
            Chat chat = ChatCodec.decode(request.chat());
            return prompts.encode(chat, context).map(prompt -> {
                ExpandedPrompt expanded = prompt.expand(
                        request.media().stream().map(PreparedMedia::grid).toList());
                TextStream text = prompts.textStream(chat.decoding());
                GenerationTask task = new GenerationTask(
                        placed(expanded, vision), chat.decoding().sampling(), stopRules(chat.decoding()), text);
                return new ReadyRequest(rowId, chat.model(), task, text, request.visionTokens(), decodeTime);
            });
        });
    }

    private static Prompt placed(ExpandedPrompt prompt, List<EncodedVision> vision) {
        List<VisionInput> inputs = prompt.places().stream()
                .map(place -> vision.get(place.medium()).at(place.token()))
                .toList();
        return new Prompt(prompt.tokenIds(), prompt.positions(), inputs);
    }

    private StopRules stopRules(DecodingParams decoding) {
        Set<Integer> ids = new HashSet<>(decoding.stopIds());
        if (decoding.endOfSequence() == EndOfSequence.ENDS) {
            ids.addAll(prompts.settings().endIds());
        }
        return new StopRules(decoding.maxTokens(), decoding.minTokens(), ids);
    }
}
