package io.sparkvlm.server;

import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.server.http.Exchange;
import io.sparkvlm.server.http.HttpError;

/** An answer that is one chat.completion. */
record WholeAnswer(Exchange exchange, Preprocessor preprocessor) implements Answer {
    @Override
    public GenerationTask task(ReadyRequest ready) {
        return ready.task();
    }

    @Override
    public boolean begun() {
        return false;
    }

    @Override
    public void end(ReadyRequest ready, Generation generation) {
        exchange.json(preprocessor.complete(ready, generation).response());
    }

    @Override
    public void refuse(HttpError error) {
        exchange.refuse(error);
    }
}
