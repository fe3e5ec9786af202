package io.sparkvlm.server;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.Generation;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.PendingRow;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.openai.Delivery;
import io.sparkvlm.preprocessing.openai.Delivery.Form;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.server.EngineSlots.Slot;
import io.sparkvlm.server.http.Exchange;
import io.sparkvlm.server.http.HttpError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one request from its body to its answer: judged and fetched, then in its turn decoded and handed to the engine. Each step
 * starts the next, and what it holds is freed when the exchange ends, however that is.
 */
final class ChatCall {
    private static final Logger LOG = LoggerFactory.getLogger(ChatCall.class);

    /** A request that breaks so many engines is at fault itself. */
    private static final int MOST_ENGINES = 3;

    private final ChatService service;
    private final Exchange exchange;
    private volatile Answer answer;
    private volatile int choices = 1;
    private int enginesBroken;

    ChatCall(ChatService service, Exchange exchange) {
        this.service = service;
        this.exchange = exchange;
        this.answer = new WholeAnswer(exchange, service.preprocessor()); // until it is known what is wanted
    }

    void start(String body) {
        AtomicReference<String> waiting = new AtomicReference<>(body);
        exchange.whenEnded(() -> waiting.set(null)); // one that waits for a thread would keep it
        on(service.preparing(), () -> Optional.ofNullable(waiting.getAndSet(null))
                .ifPresent(this::judge));
    }

    /** Ends the request for a reason that lies outside of it. */
    void refuse(HttpError error) {
        service.metrics().refused(error.name());
        answer.refuse(error);
    }

    private void judge(String body) {
        Delivery delivery = Delivery.of(body);
        choices = delivery.choices();
        if (delivery.form() != Form.WHOLE) {
            answer = new StreamedAnswer(exchange, service.preprocessor(), delivery, service.answering());
        }
        PendingRow pending = service.preprocessor()
                .begin(new RequestRow(exchange.id(), Optional.empty(), body, new BinaryColumns(Map.of())));
        exchange.whenEnded(pending::close);
        pending.whenReady(() -> on(service.preparing(), () -> prepare(pending)));
    }

    private void prepare(PendingRow pending) {
        PreparedRow row = pending.finish();
        pending.close();
        row.answerable().handle(request -> await(row, request), this::reject);
    }

    private void await(PreparedRow row, PreparedRequest request) {
        long patchBytes = request.media().stream()
                .mapToLong(part -> part.grid().patchBytes())
                .sum();
        Slot slot = service.slots().take(choices, patchBytes, () -> on(service.preparing(), () -> decode(row)));
        exchange.whenEnded(slot::close);
    }

    private void decode(PreparedRow row) {
        service.preprocessor().encode(row).handle(ready -> ask(ready.choices(choices)), this::reject);
    }

    private void ask(List<ReadyRequest> ready) {
        CompletableFuture<?> unused = service.engine()
                .engine()
                .whenComplete(
                        (engine, failure) -> on(service.answering(), () -> ask(ready, Optional.ofNullable(engine))));
    }

    private void ask(List<ReadyRequest> ready, Optional<Engine> engine) {
        if (engine.isEmpty()) {
            refuse(HttpError.stopping());
            return;
        }
        CompletableFuture<Outcome<List<Generation>>> asked =
                Choices.ask(engine.get(), answer.tasks(ready), answer::choiceEnded);
        exchange.whenEnded(() -> asked.cancel(false));
        CompletableFuture<?> unused = asked.whenComplete((outcome, failure) -> on(
                service.answering(),
                () -> end(ready, engine.get(), Optional.ofNullable(outcome), Optional.ofNullable(failure))));
    }

    private void end(
            List<ReadyRequest> ready,
            Engine engine,
            Optional<Outcome<List<Generation>>> outcome,
            Optional<Throwable> failure) {
        if (outcome.isPresent()) {
            outcome.get().handle(generations -> complete(ready, generations), this::reject);
            return;
        }
        Throwable cause = failure.filter(CompletionException.class::isInstance)
                .map(Throwable::getCause)
                .or(() -> failure)
                .orElseThrow();
        if (!(cause instanceof EngineException broken)) {
            throw new IllegalStateException("the engine failed", cause);
        }
        service.engine().replace(engine);
        enginesBroken++;
        if (answer.begun() || enginesBroken == MOST_ENGINES) {
            throw broken;
        }
        ask(ready.stream().map(ReadyRequest::anew).toList());
    }

    private void complete(List<ReadyRequest> ready, List<Generation> generations) {
        answer.end(ready, generations);
        generations.forEach(service.metrics()::answered);
    }

    private void reject(Rejection rejection) {
        refuse(
                rejection.code() == EngineCode.SERVER_ERROR
                        ? fault(new IllegalStateException(rejection.message()))
                        : HttpError.of(rejection));
    }

    /** Runs a step on one of these threads, unless the exchange has ended; what it throws ends the exchange. */
    private void on(Executor threads, Runnable step) {
        threads.execute(() -> {
            if (exchange.hasEnded()) {
                return;
            }
            try {
                step.run();
            } catch (RuntimeException | Error e) { // whatever it was, no client may wait for ever
                refuse(fault(e));
            }
        });
    }

    private HttpError fault(Throwable fault) {
        LOG.error("request {} failed", exchange.id(), fault);
        return HttpError.fault(exchange.id());
    }
}
