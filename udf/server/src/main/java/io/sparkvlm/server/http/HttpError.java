package io.sparkvlm.server.http;

import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.ErrorType;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.BatchResult;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a request has no answer, as OpenAI's servers say it. What is wrong with a request or its media has the job's codes; those
 * of the server itself are here.
 *
 * @param code null in the body where empty
 */
public record HttpError(int status, String type, String message, Optional<String> param, Optional<String> code) {
    private static final String INVALID = ErrorType.INVALID_REQUEST_ERROR.wireName();
    private static final String SERVER = ErrorType.SERVER_ERROR.wireName();
    private static final String RATE_LIMIT = "rate_limit_error";

    public static HttpError of(Rejection rejection) {
        return new HttpError(
                rejection.code().status(),
                rejection.code().type().wireName(),
                rejection.message(),
                rejection.param(),
                Optional.of(rejection.code().wireName()));
    }

    public static HttpError notJson(String found) {
        return of(Rejection.of(RequestCode.INVALID_JSON_LINE, "expected one JSON object, found " + found));
    }

    /** Of what Jetty refuses: messages that are no HTTP. */
    public static HttpError ofStatus(int status, String reason) {
        return new HttpError(status, status < 500 ? INVALID : SERVER, reason, Optional.empty(), Optional.empty());
    }

    public static HttpError wrongKey() {
        return new HttpError(
                401,
                INVALID,
                "expected the server's API key as Authorization: Bearer KEY, found none or another",
                Optional.empty(),
                Optional.of("invalid_api_key"));
    }

    static HttpError wrongOrigin() {
        return ofStatus(403, "expected a page of --allowed-origins, found one of another origin");
    }

    public static HttpError unknownUrl(String method, String path) {
        return ofStatus(404, "Invalid URL (" + method + " " + path + ")");
    }

    public static HttpError wrongMethod(String expected, String found) {
        return ofStatus(405, "expected " + expected + ", found " + found);
    }

    public static HttpError slowBody(Duration timeout) {
        return ofStatus(408, "expected the whole request within " + timeout.toSeconds() + " s, which have passed");
    }

    public static HttpError largeBody(int maxBytes) {
        return ofStatus(413, "expected a request of at most " + maxBytes + " bytes, found a larger one");
    }

    public static HttpError notDeclaredAsJson() {
        return ofStatus(415, "expected Content-Type: application/json");
    }

    public static HttpError full(String what) {
        return new HttpError(
                429,
                RATE_LIMIT,
                "the server has as many " + what + " as it takes; try again later",
                Optional.empty(),
                Optional.of("rate_limit_exceeded"));
    }

    static HttpError tooManyRefused() {
        return new HttpError(
                429,
                RATE_LIMIT,
                "many requests of this address were refused, and others of them wait for their turns; try again later",
                Optional.empty(),
                Optional.of("rate_limit_exceeded"));
    }

    public static HttpError timedOut(Duration timeout) {
        return new HttpError(
                504,
                SERVER,
                "expected an answer within " + timeout.toSeconds() + " s, which have passed",
                Optional.empty(),
                Optional.of("request_timeout"));
    }

    public static HttpError stopping() {
        return new HttpError(503, SERVER, "the server is stopping", Optional.empty(), Optional.of("server_stopping"));
    }

    /** Of a request that met a fault of the program, which the log names by this id. */
    public static HttpError fault(String requestId) {
        return of(Rejection.of(
                EngineCode.SERVER_ERROR, "the request met a fault of the server; its log names it " + requestId));
    }

    /** Its code, or else its type. */
    public String name() {
        return code.orElse(type);
    }

    /** Whether the same request may be answered soon. */
    boolean passes() {
        return status == 429 || status == 503;
    }

    public String body() {
        return BatchResult.errorBody(message, type, param, code.orElse(null));
    }
}
