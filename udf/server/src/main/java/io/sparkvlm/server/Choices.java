package io.sparkvlm.server;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;

/** The choices of an answer, while an engine generates them all at once. */
final class Choices {
    private final CompletableFuture<Outcome<List<Generation>>> all = new CompletableFuture<>();
    private final Generation[] generations; // each written by who counts it as left no more
    private final AtomicInteger left;
    private final ObjIntConsumer<Generation> ended;

    private Choices(int count, ObjIntConsumer<Generation> ended) {
        this.generations = new Generation[count];
        this.left = new AtomicInteger(count);
        this.ended = ended;
    }

    /**
     * Asks an engine. The first choice that is rejected or fails takes the others with it, and so does a cancellation.
     *
     * @param ended hears of each choice but the last that ends, on the engine's thread, with its index among the tasks
     * @return the generations in the order of their tasks
     */
    static CompletableFuture<Outcome<List<Generation>>> ask(
            Engine engine, List<GenerationTask> tasks, ObjIntConsumer<Generation> ended) {
        Choices choices = new Choices(tasks.size(), ended);
        List<CompletableFuture<Outcome<Generation>>> asked = new ArrayList<>();
        try {
            tasks.forEach(task -> asked.add(engine.submit(task)));
        } catch (RuntimeException | Error e) { // whatever it was, no choice may go on without a reader
            choices.all.completeExceptionally(e);
        }
        for (int i = 0; i < asked.size(); i++) {
            int index = i;
            CompletableFuture<?> unused = asked.get(i)
                    .thenAccept(outcome -> choices.told(index, outcome))
                    .exceptionally(choices::failed);
        }
        CompletableFuture<?> unused =
                choices.all.whenComplete((outcome, failure) -> asked.forEach(choice -> choice.cancel(false)));
        return choices.all;
    }

    private void told(int index, Outcome<Generation> outcome) {
        outcome.handle(generation -> end(index, generation), rejection -> all.complete(Outcome.rejected(rejection)));
    }

    private Void failed(Throwable failure) {
        all.completeExceptionally(failure);
        return null;
    }

    private void end(int index, Generation generation) {
        generations[index] = generation;
        if (left.decrementAndGet() == 0) {
            all.complete(Outcome.ok(List.of(generations)));
        } else {
            ended.accept(generation, index);
        }
    }
}
