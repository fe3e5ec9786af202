package io.sparkvlm.server.http;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Leads each request to its endpoint, those below {@code /v1} with the API key only. */
public final class Routes extends Handler.Abstract.NonBlocking {
    private static final String GUARDED = "/v1/";

    private final Map<String, Endpoint> endpoints;
    private final Optional<ApiKey> apiKey;
    private final Set<String> origins;

    /** @param origins of pages that may ask, or {@code *} */
    public Routes(Map<String, Endpoint> endpoints, Optional<ApiKey> apiKey, Set<String> origins) {
        this.endpoints = Map.copyOf(endpoints);
        this.apiKey = apiKey;
        this.origins = Set.copyOf(origins);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        String path = Objects.requireNonNullElse(Request.getPathInContext(request), "");
        Endpoint endpoint = endpoints.get(path);
        if (isOfOtherPage(request)) {
            exchange.refuse(HttpError.wrongOrigin());
        } else if (path.startsWith(GUARDED)
                && apiKey.filter(key -> !isKnown(request, key)).isPresent()) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            exchange.refuse(HttpError.wrongKey());
        } else if (endpoint == null) {
            exchange.refuse(HttpError.unknownUrl(request.getMethod(), path));
        } else if (!endpoint.method().equals(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, endpoint.method());
            exchange.refuse(HttpError.wrongMethod(endpoint.method(), request.getMethod()));
        } else {
            endpoint.handle(request, exchange);
        }
        return true;
    }

    /** A browser says whose page asks; one whose host name was made to lead here asks nobody for leave. */
    private boolean isOfOtherPage(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin != null && !origins.contains("*") && !origins.contains(origin);
    }

    private static boolean isKnown(Request request, ApiKey key) {
        return key.isIn(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    }
}
