package io.sparkvlm.server.http;

import org.eclipse.jetty.server.Request;

/** What stands at a path. */
public interface Endpoint {
    /** The method that it takes. */
    String method();

    /** Ends the exchange, now or later. */
    void handle(Request request, Exchange exchange);
}
