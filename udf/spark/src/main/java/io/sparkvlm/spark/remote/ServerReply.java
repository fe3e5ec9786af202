package io.sparkvlm.spark.remote;

import io.sparkvlm.outcome.Rejection;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What came of sending a request to a server. */
sealed interface ServerReply {
    /** An answer. */
    record Answered(String body) implements ServerReply {}

    /** The request is wrong; another server would say so too. */
    record Wrong(Rejection rejection) implements ServerReply {}

    /** The server has no room, or waits for one behind it. */
    record NoRoom(String reason, Optional<Duration> retryAfter) implements ServerReply {}

    /** The server broke, perhaps of this request. */
    record Broken(String reason) implements ServerReply {}

    /** The server is not there. */
    record Gone(String reason) implements ServerReply {}

    /** The server does not let this job in, which no other attempt changes. */
    record Forbidden(String reason) implements ServerReply {}

    static ServerReply of(HttpResponse<String> response) {
        int status = response.statusCode();
        return switch (status) {
            case 200 -> new Answered(response.body());
            case 401, 403 ->
                new Forbidden("status " + status + ": "
                        + ErrorBody.read(response.body()).message());
            case 429, 502, 503, 504 ->
                new NoRoom(
                        "status " + status,
                        response.headers()
                                .firstValue("Retry-After")
                                .flatMap(text -> RetryAfter.read(text, Instant.now())));
            default ->
                status >= 400 && status < 500 && status != 408
                        ? new Wrong(ErrorBody.read(response.body()).rejection(status))
                        : new Broken("status " + status + ": "
                                + ErrorBody.read(response.body()).message());
        };
    }

    static ServerReply of(Throwable failure) {
        return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException
                ? new Gone("no connection")
                : new Broken(failure.getMessage() == null ? "a broken connection" : failure.getMessage());
    }
}
