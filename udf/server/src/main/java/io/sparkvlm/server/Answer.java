package io.sparkvlm.server;

import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.server.http.HttpError;

/** How what the engine generates becomes the answer of an exchange. */
interface Answer {
    /** What the engine is asked. */
    GenerationTask task(ReadyRequest ready);

    /** Whether the client has a part of the answer already, so that no other attempt may begin it again. */
    boolean begun();

    /** Ends the exchange with the whole, or with what of it is left. */
    void end(ReadyRequest ready, Generation generation);

    void refuse(HttpError error);
}
