package io.sparkvlm.server;

import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.preprocessing.openai.Delivery;
import io.sparkvlm.preprocessing.prompt.TextPart;
import io.sparkvlm.server.StreamedChoice.Unwritten;
import io.sparkvlm.server.http.Exchange;
import io.sparkvlm.server.http.HttpError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of server-sent events, written as fast as its client takes them: parts that come while one is being written go into
 * the next together. It begins with the first text, so that what fails before has its status.
 *
 * <p>Thread-safe: the engine's thread only leaves parts here.
 */
final class StreamedAnswer implements Answer {
    private static final Logger LOG = LoggerFactory.getLogger(StreamedAnswer.class);
    private static final String DONE = "[DONE]";

    private final Exchange exchange;
    private final Preprocessor preprocessor;
    private final Delivery delivery;
    private final Executor executor;
    private List<StreamedChoice> choices = List.of();
    private Optional<List<String>> last = Optional.empty();
    private boolean begun;
    private boolean writing;

    /** @param executor whose threads write */
    StreamedAnswer(Exchange exchange, Preprocessor preprocessor, Delivery delivery, Executor executor) {
        this.exchange = exchange;
        this.preprocessor = preprocessor;
        this.delivery = delivery;
        this.executor = executor;
    }

    @Override
    public synchronized List<GenerationTask> tasks(List<ReadyRequest> ready) {
        choices = preprocessor.parts(ready, delivery).stream()
                .map(StreamedChoice::new)
                .toList();
        List<GenerationTask> tasks = new ArrayList<>();
        for (int i = 0; i < ready.size(); i++) {
            StreamedChoice choice = choices.get(i);
            tasks.add(ready.get(i).streamedTo(part -> add(choice, part)));
        }
        return tasks;
    }

    @Override
    public synchronized boolean begun() {
        return begun || choices.stream().anyMatch(StreamedChoice::hasUnwritten);
    }

    @Override
    public synchronized void choiceEnded(Generation generation, int index) {
        choices.get(index).end(generation);
        writeSoon();
    }

    @Override
    public synchronized void end(List<ReadyRequest> ready, List<Generation> generations) {
        for (int i = 0; i < choices.size(); i++) {
            choices.get(i).end(generations.get(i));
        }
        endWith(choices.get(0).parts().usage(generations).stream().toList());
    }

    @Override
    public void refuse(HttpError error) {
        synchronized (this) {
            if (begun()) {
                endWith(List.of(error.body()));
                return;
            }
        }
        exchange.refuse(error); // not under the lock: others' code runs
    }

    private synchronized void add(StreamedChoice choice, TextPart part) {
        if (!part.isEmpty()) {
            choice.add(part);
            writeSoon();
        }
    }

    private void endWith(List<String> events) {
        if (last.isEmpty()) { // whatever is first: the answer, or its time
            last = Optional.of(events);
            writeSoon();
        }
    }

    private void writeSoon() {
        if (!writing) {
            writing = true;
            executor.execute(this::writeNext);
        }
    }

    private void writeNext() {
        try {
            writeWaiting();
        } catch (RuntimeException | Error e) { // whatever it was, no client may wait for ever
            LOG.error("request {} failed while it was answered", exchange.id(), e);
            exchange.gone();
        }
    }

    /** JSON is written outside of the lock, for which the engine's thread would wait. */
    private void writeWaiting() {
        boolean begins;
        List<Unwritten> taken;
        Optional<List<String>> rest;
        synchronized (this) {
            if (last.isEmpty() && choices.stream().noneMatch(StreamedChoice::hasUnwritten)) {
                writing = false;
                return;
            }
            begins = !begun;
            begun = true;
            taken = choices.stream().map(StreamedChoice::takeUnwritten).toList();
            rest = last;
        }
        StringBuilder events = new StringBuilder();
        if (begins) {
            exchange.beginEvents();
            taken.forEach(choice -> append(events, choice.parts().begin()));
        }
        taken.stream().flatMap(choice -> choice.events().stream()).forEach(event -> append(events, event));
        if (rest.isPresent()) {
            rest.get().forEach(event -> append(events, event));
            append(events, DONE);
            exchange.writeLast(events.toString());
        } else {
            exchange.write(events.toString(), this::writeNext);
        }
    }

    private static void append(StringBuilder events, String data) {
        events.append("data: ").append(data).append("\n\n");
    }
}
