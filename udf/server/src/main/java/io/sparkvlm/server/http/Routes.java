package io.sparkvlm.server.http;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Leads each request to its endpoint, those below {@code /v1} with the API key only. */
public final class Routes extends Handler.Abstract.NonBlocking {
    private static final String GUARDED = "/v1/";

    private final PathMappings<Endpoint> endpoints = new PathMappings<>();
    private final Optional<ApiKey> apiKey;
    private final Set<String> origins;
    private final IntConsumer answered;

    /**
     * Leads to these.
     *
     * @param endpoints by their paths; one that ends in {@code /*} has all below it that have none of their own
     * @param origins of pages that may ask, or {@code *}
     * @param answered hears the status of each answer that begins
     */
    public Routes(Map<String, Endpoint> endpoints, Optional<ApiKey> apiKey, Set<String> origins, IntConsumer answered) {
        endpoints.forEach(this.endpoints::put);
        this.apiKey = apiKey;
        this.origins = Set.copyOf(origins);
        this.answered = answered;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback, answered);
        String path = Objects.requireNonNullElse(Request.getPathInContext(request), "");
        Optional<Endpoint> endpoint =
                Optional.ofNullable(endpoints.getMatched(path)).map(MatchedResource::getResource);
        if (isOfOtherPage(request)) {
            exchange.refuse(HttpError.wrongOrigin());
        } else if (path.startsWith(GUARDED)
                && apiKey.filter(key -> !isKnown(request, key)).isPresent()) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            exchange.refuse(HttpError.wrongKey());
        } else {
            endpoint.ifPresentOrElse(
                    found -> lead(request, response, exchange, found),
                    () -> exchange.refuse(HttpError.unknownUrl(request.getMethod(), path)));
        }
        return true;
    }

    /** What may be got has a head, too, whose body Jetty leaves out. */
    private static void lead(Request request, Response response, Exchange exchange, Endpoint endpoint) {
        String asked = request.getMethod();
        String taken = HttpMethod.HEAD.is(asked) ? HttpMethod.GET.asString() : asked;
        if (endpoint.method().equals(taken)) {
            endpoint.handle(request, exchange);
            return;
        }
        String head = HttpMethod.GET.is(endpoint.method()) ? "HEAD, " : "";
        response.getHeaders().put(HttpHeader.ALLOW, endpoint.method() + ", " + head + "OPTIONS");
        if (HttpMethod.OPTIONS.is(asked)) {
            exchange.noContent();
        } else {
            exchange.refuse(HttpError.wrongMethod(endpoint.method(), asked));
        }
    }

    /** A browser says whose page asks; after DNS rebinding it asks without a preflight. */
    private boolean isOfOtherPage(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin != null && !origins.contains("*") && !origins.contains(origin);
    }

    private static boolean isKnown(Request request, ApiKey key) {
        return key.isIn(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    }
}
