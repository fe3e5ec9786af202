package io.sparkvlm.server.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer, which ends once: with the answer, with an error, or because the client has gone. Thread-safe.
 */
public final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final String JSON = "application/json";
    private static final String RETRY_SECONDS = "1";

    /** nginx's status of a request whose client has gone before its answer: it is not read, only counted. */
    private static final int CLIENT_CLOSED_REQUEST = 499;

    /** A client that takes less, beside the idle timeout, is as good as gone: the slowest mobile networks give twice as much. */
    private static final int SLOWEST_BYTES_A_SECOND = 4096;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final IntConsumer answered;
    private final String id = "req_" + UUID.randomUUID().toString().replace("-", "");
    private final List<Runnable> whenEnded = new ArrayList<>();
    private volatile boolean bodyRead;
    private boolean ended;

    /** @param answered hears the status of an answer that begins */
    Exchange(Request request, Response response, Callback callback, IntConsumer answered) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.answered = answered;
        response.getHeaders().put("x-request-id", id);
    }

    /** Tells from now on when the client goes before it has its answer, however long nothing is written. */
    public void watch() {
        request.addIdleTimeoutListener(timeout -> false); // an answer takes as long as it takes
        request.addFailureListener(failure -> gone());
        WatchedEndPoint.of(request).ifPresent(client -> client.watch(this::gone));
    }

    /** Notes that the request has come whole. */
    void bodyRead() {
        bodyRead = true;
    }

    /** Whether there is more of the request than its head, and it has not come: the next one cannot be found behind it. */
    private boolean isUnread() {
        return !bodyRead
                && (request.getHeaders().contains(HttpHeader.CONTENT_LENGTH)
                        || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    }

    /** Names the exchange in the log, and to the client. */
    public String id() {
        return id;
    }

    /** Runs this when the exchange has ended in whatever way, or now if it has. It must be short. */
    public void whenEnded(Runnable deed) {
        synchronized (whenEnded) {
            if (!ended) {
                whenEnded.add(deed);
                return;
            }
        }
        deed.run();
    }

    public boolean hasEnded() {
        synchronized (whenEnded) {
            return ended;
        }
    }

    void answer(int status, String contentType, String content) {
        answer(status, contentType, content, false);
    }

    private void answer(int status, String contentType, String content, boolean again) {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        if (end()) {
            begin(status);
            if (again) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
            }
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
            closeIfUnread();
            writeInTime(true, bytes, callback);
        }
    }

    private void begin(int status) {
        response.setStatus(status);
        answered.accept(status);
    }

    /** Writes, and closes the connection if the client does not take it in time, which fails the write. */
    private void writeInTime(boolean last, ByteBuffer bytes, Callback written) {
        EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
        long millis = client.getIdleTimeout() + bytes.remaining() * 1000L / SLOWEST_BYTES_A_SECOND;
        Scheduler.Task late = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> client.close(new TimeoutException("the client takes too little")), millis, MILLISECONDS);
        response.write(last, bytes, Callback.from(late::cancel, written));
    }

    /** Answers with a head only. */
    void noContent() {
        if (end()) {
            begin(HttpStatus.NO_CONTENT_204);
            closeIfUnread();
            callback.succeeded();
        }
    }

    private void closeIfUnread() {
        if (isUnread()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
    }

    public void json(String content) {
        answer(200, JSON, content);
    }

    public void refuse(HttpError error) {
        answer(error.status(), JSON, error.body(), error.passes());
    }

    /** Begins an answer of events; {@link #write} follows. */
    public void beginEvents() {
        synchronized (whenEnded) {
            if (ended) { // with an error, whose status stays
                return;
            }
            begin(HttpStatus.OK_200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
            response.getHeaders().put("X-Accel-Buffering", "no"); // nginx passes each event on as it comes
        }
    }

    /** Writes a part of the answer; the client has gone where it does not take it within the idle timeout. */
    public void write(String content, Runnable written) {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        synchronized (whenEnded) {
            if (!ended) { // after which there is nothing to write to
                writeInTime(false, bytes, Callback.from(written, failure -> gone()));
            }
        }
    }

    /** Writes the last part. */
    public void writeLast(String content) {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        if (end()) {
            writeInTime(true, bytes, callback);
        }
    }

    /** Ends the exchange without an answer. */
    public void gone() {
        if (end()) {
            callback.failed(new HttpException.RuntimeException(CLIENT_CLOSED_REQUEST, "the client has gone"));
        }
    }

    private boolean end() {
        List<Runnable> deeds;
        synchronized (whenEnded) {
            if (ended) {
                return false;
            }
            ended = true;
            deeds = List.copyOf(whenEnded);
        }
        for (Runnable deed : deeds) {
            try {
                deed.run();
            } catch (RuntimeException e) { // the others free what they hold all the same
                LOG.error("request {} left something behind", id, e);
            }
        }
        return true;
    }
}
