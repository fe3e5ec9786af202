package io.sparkvlm.server.http;

import java.util.function.IntConsumer;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes in OpenAI's words what Jetty itself refuses: messages that are no HTTP, headers that are too large. */
public record ErrorPages(IntConsumer answered) implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        new Exchange(request, response, callback, answered)
                .refuse(HttpError.ofStatus(status, HttpStatus.getMessage(status)));
        return true;
    }
}
