package io.sparkvlm.spark.remote;

import io.sparkvlm.outcome.Outcome;
import java.util.concurrent.CompletableFuture;

/** One request on its way to an answer, and how often it has failed. Guarded by the {@link RemoteServers} that has it. */
final class RemoteCall {
    private final String body;
    private final CompletableFuture<Outcome<String>> answer = new CompletableFuture<>();
    private int faults;
    private int refusals;

    RemoteCall(String body) {
        this.body = body;
    }

    String body() {
        return body;
    }

    CompletableFuture<Outcome<String>> answer() {
        return answer;
    }

    /** Notes a broken connection or a server's own error. */
    int addFault() {
        return ++faults;
    }

    /** Notes that a server had no room. */
    int addRefusal() {
        return ++refusals;
    }
}
