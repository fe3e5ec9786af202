package io.sparkvlm.server;

import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.server.http.HttpError;
import java.util.List;

/** How what the engine generates becomes the answer of an exchange. */
interface Answer {
    /** What the engine is asked, for each choice. */
    List<GenerationTask> tasks(List<ReadyRequest> choices);

    /** Whether the client has a part of the answer already, so that no other attempt may begin it again. */
    boolean begun();

    /** Notes that a choice is whole, though not all are; on the engine's thread, so it must be short. */
    void choiceEnded(Generation generation, int index);

    /** Ends the exchange with the whole, or with what of it is left. */
    void end(List<ReadyRequest> choices, List<Generation> generations);

    void refuse(HttpError error);
}
