package io.sparkvlm.server;

import io.sparkvlm.server.http.Bodies;
import io.sparkvlm.server.http.Endpoint;
import io.sparkvlm.server.http.Exchange;
import io.sparkvlm.server.http.HttpError;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/** {@code POST /v1/chat/completions}: takes the bodies that are JSON and have a place, and gives each its time. */
final class ChatEndpoint implements Endpoint {
    private final ChatService service;
    private final Bodies bodies;
    private final Places places;

    ChatEndpoint(ChatService service, Bodies bodies, Places places) {
        this.service = service;
        this.bodies = bodies;
        this.places = places;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        if (!isJson(request)) {
            refuse(exchange, HttpError.notDeclaredAsJson());
            return;
        }
        bodies.read(request, exchange, body -> answer(request, exchange, body));
    }

    /** A page of a browser can post anything else to any server, without asking it first. */
    private static boolean isJson(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null && type.toLowerCase(Locale.ROOT).matches("application/json(\\s*;.*)?");
    }

    private void answer(Request request, Exchange exchange, String body) {
        if (!places.take(exchange)) {
            refuse(exchange, HttpError.full("requests"));
            return;
        }
        exchange.watch();
        ChatCall call = new ChatCall(service, exchange);
        Scheduler.Task late = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> call.refuse(HttpError.timedOut(service.requestTimeout())),
                        service.requestTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
        exchange.whenEnded(late::cancel);
        call.start(body);
    }

    private void refuse(Exchange exchange, HttpError error) {
        service.metrics().refused(error.name());
        exchange.refuse(error);
    }
}
