package io.sparkvlm.server;

import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.server.http.Exchange;
import io.sparkvlm.server.http.HttpError;
import java.util.List;

/** An answer that is one chat.completion. */
record WholeAnswer(Exchange exchange, Preprocessor preprocessor) implements Answer {
    @Override
    public List<GenerationTask> tasks(List<ReadyRequest> choices) {
        return choices.stream().map(ReadyRequest::task).toList();
    }

    @Override
    public boolean begun() {
        return false;
    }

    @Override
    public void choiceEnded(Generation generation, int index) {
        // the others are awaited
    }

    @Override
    public void end(List<ReadyRequest> choices, List<Generation> generations) {
        exchange.json(preprocessor.complete(choices, generations));
    }

    @Override
    public void refuse(HttpError error) {
        exchange.refuse(error);
    }
}
