package io.sparkvlm.server;

import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.server.http.Endpoint;
import io.sparkvlm.server.http.Exchange;
import io.sparkvlm.server.http.HttpError;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.UrlEncoded;

/** {@code GET /v1/models/NAME}: whether a model of this name answers, as OpenAI's clients retrieve one. */
record ModelEndpoint(ModelList models) implements Endpoint {
    static final String LIST = "/v1/models";
    static final String PATHS = LIST + "/*";

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        String name = name(Request.getPathInContext(request));
        models.json(name)
                .ifPresentOrElse(
                        exchange::json,
                        () -> exchange.refuse(HttpError.of(Rejection.at(
                                "model",
                                RequestCode.MODEL_NOT_FOUND,
                                "The model \"" + name + "\" does not exist: expected \""
                                        + models.names().get(0) + "\"."))));
    }

    /** A name may have slashes, escaped or not. */
    private static String name(String path) {
        String escaped = path.substring(LIST.length() + 1);
        return UrlEncoded.decodeString(escaped.replace("+", "%2B"), 0, escaped.length(), StandardCharsets.UTF_8);
    }
}
