package io.sparkvlm.server.http;

import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;

/** An endpoint whose answer is there at once. */
public record TextEndpoint(String contentType, Supplier<Reply> reply) implements Endpoint {
    /** A status and what is said with it. */
    public record Reply(int status, String content) {}

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        Reply now = reply.get();
        exchange.answer(now.status(), contentType, now.content());
    }
}
