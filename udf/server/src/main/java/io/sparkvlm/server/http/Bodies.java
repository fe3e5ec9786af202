package io.sparkvlm.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/** Reads the bodies of requests as they come, without a thread, in bounded memory and time. Thread-safe. */
public final class Bodies {
    private final int maxBytes;
    private final Duration timeout;
    private final long maxHeldBytes;
    private final Consumer<HttpError> refused;
    private final AtomicLong heldBytes = new AtomicLong();

    /**
     * A reader that holds nothing yet.
     *
     * @param maxBytes of one request
     * @param timeout until it has come whole
     * @param maxHeldBytes of all requests that have not ended
     * @param refused hears of each body that is not read to its end
     */
    public Bodies(int maxBytes, Duration timeout, long maxHeldBytes, Consumer<HttpError> refused) {
        this.maxBytes = (int) Math.min(maxBytes, maxHeldBytes); // a larger one would be put off for ever
        this.timeout = timeout;
        this.maxHeldBytes = maxHeldBytes;
        this.refused = refused;
    }

    /** Hands the body over once it is there, on a thread of the server's, or refuses the exchange. */
    public void read(Request request, Exchange exchange, Consumer<String> whole) {
        if (request.getLength() > maxBytes) {
            refuse(exchange, HttpError.largeBody(maxBytes));
            return;
        }
        Reading reading = new Reading(request, exchange, whole);
        Scheduler.Task slow = request.getComponents()
                .getScheduler()
                .schedule(reading::tooSlow, timeout.toMillis(), TimeUnit.MILLISECONDS);
        exchange.whenEnded(slow::cancel);
        exchange.whenEnded(reading::release);
        reading.run();
    }

    private void refuse(Exchange exchange, HttpError error) {
        refused.accept(error);
        exchange.refuse(error);
    }

    /** One body while it comes. */
    private final class Reading implements Runnable {
        private final Request request;
        private final Exchange exchange;
        private final Consumer<String> whole;
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong held = new AtomicLong();

        Reading(Request request, Exchange exchange, Consumer<String> whole) {
            this.request = request;
            this.exchange = exchange;
            this.whole = whole;
        }

        /** Counts no longer what has come; once for each byte, whatever the caller. */
        void release() {
            heldBytes.addAndGet(-held.getAndSet(0));
        }

        void tooSlow() {
            refuse(HttpError.slowBody(timeout));
        }

        private void refuse(HttpError error) {
            if (over.compareAndSet(false, true)) {
                Bodies.this.refuse(exchange, error);
            }
        }

        /** Takes what has come, until it has to wait for more. */
        @Override
        public void run() {
            while (!over.get()) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    refuse(HttpError.ofStatus(400, "expected a whole request, found one that was broken off"));
                    return;
                }
                boolean last = chunk.isLast();
                take(chunk.getByteBuffer());
                chunk.release();
                if (last && over.compareAndSet(false, true)) {
                    handOver();
                }
            }
        }

        private void take(ByteBuffer more) {
            int length = more.remaining();
            if (bytes.size() + (long) length > maxBytes) {
                refuse(HttpError.largeBody(maxBytes));
                return;
            }
            if (heldBytes.addAndGet(length) > maxHeldBytes) {
                heldBytes.addAndGet(-length);
                refuse(HttpError.full("bytes of requests"));
                return;
            }
            held.addAndGet(length);
            if (exchange.hasEnded()) {
                release();
            }
            bytes.writeBytes(BufferUtil.toArray(more));
        }

        private void handOver() {
            exchange.bodyRead();
            String text;
            try {
                text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes.toByteArray()))
                        .toString();
            } catch (CharacterCodingException e) {
                Bodies.this.refuse(exchange, HttpError.notJson("what is not UTF-8"));
                return;
            }
            bytes = new ByteArrayOutputStream(0); // the exchange may last, and knows the text now
            whole.accept(text);
        }
    }
}
