package io.sparkvlm.preprocessing;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.fetch.ReadAhead;
import io.sparkvlm.preprocessing.openai.BatchEnvelope;
import io.sparkvlm.preprocessing.openai.RequestLine;
import io.sparkvlm.preprocessing.openai.WireText;
import io.sparkvlm.preprocessing.prepared.Conversation;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.preprocessing.prompt.ChatPrompt;
import io.sparkvlm.preprocessing.prompt.ContextLength;
import io.sparkvlm.preprocessing.prompt.PromptEncoder;
import io.sparkvlm.preprocessing.request.Chat;
import io.sparkvlm.preprocessing.request.ValidRequest;
import io.sparkvlm.preprocessing.request.ValidRequest.TokenLimit;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges a row, fetches its media and plans what has to be decoded for it. Decodes nothing. Thread-safe. */
final class RowPreparer {
    private final RequestValidator validator;
    private final MediaPlanner planner;
    private final PromptEncoder prompts;
    private final ContextLength context;

    RowPreparer(RequestValidator validator, MediaPlanner planner, PromptEncoder prompts, ContextLength context) {
        this.validator = validator;
        this.planner = planner;
        this.prompts = prompts;
        this.context = context;
    }

    /** One that reads of a picture on another machine no more than its header. */
    RowPreparer readingHeaders() {
        return new RowPreparer(validator, planner.readingHeaders(), prompts, context);
    }

    /** Parses and judges, and begins to get the media that lie on other machines. */
    PendingRow begin(RequestRow row) {
        Attempt attempt = new Attempt(row.customId().map(WireText::wellFormed));
        Outcome<Judged> judged = RowFaults.caught(row.rowId(), () -> judge(row, attempt));
        return new PendingRow(
                row,
                judged.fold(it -> Optional.of(it.readAhead()), rejection -> Optional.empty()),
                () -> finish(row, attempt, judged));
    }

    /**
     * What the row's answer depends on, to be the same as another's; nothing where it depends on the row's id, or is an
     * error that takes no engine to find.
     */
    Optional<String> key(RequestRow row) {
        return RowFaults.caught(row.rowId(), () -> judgedAlone(row))
                .map(request -> validator.isDecidedByItsRow(request, row.rowId())
                        ? Optional.<String>empty()
                        : Optional.of(RequestKey.of(request, row.columns())))
                .fold(key -> key, rejection -> Optional.empty());
    }

    private Outcome<ValidRequest> judgedAlone(RequestRow row) {
        return RequestLine.read(row.json())
                .flatMap(line -> validator.validate(line.envelope(), line.request(), row.rowId()));
    }

    private PreparedRow finish(RequestRow row, Attempt attempt, Outcome<Judged> judged) {
        Outcome<PreparedRequest> outcome =
                judged.flatMap(it -> RowFaults.caught(row.rowId(), () -> finish(row, attempt, it)));
        return new PreparedRow(row.rowId(), attempt.customId, attempt.warnings, outcome, attempt.fetchTime);
    }

    private Outcome<Judged> judge(RequestRow row, Attempt attempt) {
        return RequestLine.read(row.json())
                .flatMap(line -> {
                    attempt.customId =
                            line.envelope().flatMap(BatchEnvelope::customId).or(() -> attempt.customId);
                    return validator.validate(line.envelope(), line.request(), row.rowId());
                })
                .flatMap(request -> {
                    attempt.warnings.addAll(request.warnings());
                    // The text first: each medium takes a token, so what fits bounds how many are fetched.
                    return prompts.encode(request.chat(), context)
                            .map(prompt ->
                                    new Judged(request, prompt, planner.readAhead(request.media(), row.columns())));
                });
    }

    private Outcome<PreparedRequest> finish(RequestRow row, Attempt attempt, Judged judged) {
        return planMedia(row, judged, attempt)
                .flatMap(media -> fitContext(judged.request(), judged.prompt(), media, attempt));
    }

    private Outcome<List<PreparedMedia>> planMedia(RequestRow row, Judged judged, Attempt attempt) {
        long start = System.nanoTime();
        Outcome<List<PreparedMedia>> media = planner.plan(
                judged.request().media(), row.columns(), judged.prompt().tokens(List.of()), attempt.warnings::add);
        attempt.fetchTime = judged.readAhead().duration().plusNanos(System.nanoTime() - start);
        return media;
    }

    private Outcome<PreparedRequest> fitContext(
            ValidRequest request, ChatPrompt prompt, List<PreparedMedia> media, Attempt attempt) {
        List<PatchGrid> grids = media.stream().map(PreparedMedia::grid).toList();
        long promptTokens = prompt.tokens(grids);
        if (!context.holds(promptTokens)) {
            return context.exceeded(promptTokens);
        }
        int left = Math.toIntExact(context.tokens() - promptTokens);
        Chat chat = request.chat();
        Chat fitting = chat.withGeneration(chat.generation().atMostTokens(left));
        if (request.tokenLimit() == TokenLimit.ASKED_FOR && !fitting.equals(chat)) {
            attempt.warnings.add("max_completion_tokens is cut from "
                    + chat.generation().maxTokens() + " to " + left + ": the context holds " + context.tokens()
                    + " tokens, and the prompt takes " + promptTokens);
        }
        return Outcome.ok(new PreparedRequest(
                fitting.model(), fitting.generation(), prompt, media, Optional.of(Conversation.of(request))));
    }

    /** A valid request whose prompt fits and whose media are being fetched. */
    private record Judged(ValidRequest request, ChatPrompt prompt, ReadAhead readAhead) {}

    /** What is known of a row, however far its preparation came. */
    private static final class Attempt {
        private final List<String> warnings = new ArrayList<>();
        private Optional<String> customId;
        private Duration fetchTime = Duration.ZERO;

        Attempt(Optional<String> customId) {
            this.customId = customId;
        }
    }
}
