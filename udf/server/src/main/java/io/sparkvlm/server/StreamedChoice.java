package io.sparkvlm.server;

import io.sparkvlm.api.Generation;
import io.sparkvlm.preprocessing.CompletionParts;
import io.sparkvlm.preprocessing.prompt.TextPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A choice of a streamed answer: what has come of it and is not written yet. Guarded by the answer's lock. */
final class StreamedChoice {
    private final CompletionParts parts;
    private Optional<TextPart> waiting = Optional.empty();
    private Optional<Generation> unwrittenEnd = Optional.empty();
    private boolean ended;

    StreamedChoice(CompletionParts parts) {
        this.parts = parts;
    }

    CompletionParts parts() {
        return parts;
    }

    void add(TextPart part) {
        waiting = Optional.of(waiting.map(before -> before.then(part)).orElse(part));
    }

    /** Notes that it is whole, unless that is known. */
    void end(Generation generation) {
        if (!ended) {
            ended = true;
            unwrittenEnd = Optional.of(generation);
        }
    }

    boolean hasUnwritten() {
        return waiting.isPresent() || unwrittenEnd.isPresent();
    }

    /** What is not written yet; each part is given once. */
    Unwritten takeUnwritten() {
        Unwritten taken = new Unwritten(parts, waiting, unwrittenEnd);
        waiting = Optional.empty();
        unwrittenEnd = Optional.empty();
        return taken;
    }

    /** What is to be written next of a choice. Needs no lock: it is read by who took it. */
    record Unwritten(CompletionParts parts, Optional<TextPart> text, Optional<Generation> end) {
        /** The JSON of each part. */
        List<String> events() {
            List<String> events = new ArrayList<>();
            text.ifPresent(part -> events.add(parts.part(part)));
            end.ifPresent(generation -> events.addAll(parts.end(generation)));
            return events;
        }
    }
}
