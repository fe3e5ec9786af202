package io.sparkvlm.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that notices when its client goes while nothing is read from it or written to it, as HTTP/1.1 leaves it between
 * a request and its answer: it reads ahead, and keeps what it finds for the next request. It closes where a head takes too long.
 */
final class WatchedEndPoint extends SocketChannelEndPoint {
    private static final int AHEAD_BYTES = 1024;

    private final ByteBuffer ahead = BufferUtil.allocate(AHEAD_BYTES);
    private final WatchedConnector connector;
    private final AtomicInteger requests = new AtomicInteger();
    private Watch watch = new Watch(() -> {});
    private Optional<Scheduler.Task> headDeadline = Optional.empty();

    WatchedEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, WatchedConnector connector) {
        super(channel, selector, key, connector.getScheduler());
        this.connector = connector;
        watch.ended = true;
    }

    /** The connection that a request has come by. */
    static Optional<WatchedEndPoint> of(Request request) {
        return request.getConnectionMetaData().getConnection().getEndPoint() instanceof WatchedEndPoint client
                ? Optional.of(client)
                : Optional.empty();
    }

    /** Notes that the head of a request has come, whose answer is not sent yet. */
    void begin() {
        requests.incrementAndGet();
        endHead();
    }

    /** Gives the head of a request its time from its first bytes on, so that a client cannot send one for ever. */
    private void beginHead() {
        if (headDeadline.isEmpty() && requests.get() == 0) {
            headDeadline = Optional.of(connector.headDeadline(this));
        }
    }

    private void endHead() {
        synchronized (ahead) {
            headDeadline.ifPresent(Scheduler.Task::cancel);
            headDeadline = Optional.empty();
        }
    }

    @Override
    public void onClose(Throwable cause) {
        endHead();
        super.onClose(cause);
    }

    /**
     * Notes that one has been answered, or given up. After the last, a connector that stops has the connection closed: Jetty
     * would wait for the client to do so after an answer whose last write had begun before.
     */
    void end() {
        if (requests.decrementAndGet() == 0 && connector.isShutdown()) {
            close();
        }
    }

    /** Closes the connection if no request is being answered. */
    void closeIfIdle() {
        if (requests.get() == 0) {
            close();
        }
    }

    /** Runs this, on any thread, if the client goes before anything else is read from the connection. */
    void watch(Runnable gone) {
        synchronized (ahead) {
            watch = new Watch(gone);
            if (BufferUtil.isEmpty(ahead)) { // a client that sends its next request is there
                super.tryFillInterested(watch);
            }
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        synchronized (ahead) {
            watch.end();
            if (BufferUtil.isEmpty(ahead)) {
                int read = super.fill(buffer);
                if (read > 0) {
                    beginHead();
                }
                return read;
            }
            beginHead();
            int position = BufferUtil.flipToFill(buffer);
            int moved = BufferUtil.put(ahead, buffer);
            BufferUtil.flipToFlush(buffer, position);
            return moved;
        }
    }

    /** Whether who reads requests waits for one: the watch is no reader. */
    @Override
    public boolean isFillInterested() {
        synchronized (ahead) {
            return watch.ended && super.isFillInterested();
        }
    }

    @Override
    public void fillInterested(Callback callback) {
        if (!tryFillInterested(callback)) {
            throw new ReadPendingException();
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        synchronized (ahead) {
            watch.end();
            if (BufferUtil.isEmpty(ahead)) {
                return super.tryFillInterested(callback);
            }
        }
        callback.succeeded();
        return true;
    }

    /** Waits for what comes, or for the end. */
    private final class Watch implements Callback {
        private final Runnable gone;
        private boolean ended;

        Watch(Runnable gone) {
            this.gone = gone;
        }

        /** Gives the connection back to who reads requests. */
        void end() {
            if (!ended) {
                ended = true;
                getFillInterest().onFail(new IOException("no longer watched"));
            }
        }

        @Override
        public void succeeded() {
            synchronized (ahead) {
                if (ended) {
                    return;
                }
                if (readAhead() >= 0) {
                    ended = BufferUtil.hasContent(ahead);
                    if (!ended) {
                        WatchedEndPoint.super.tryFillInterested(this);
                    }
                    return;
                }
                ended = true;
            }
            gone.run();
        }

        private int readAhead() {
            try {
                return WatchedEndPoint.super.fill(ahead);
            } catch (IOException e) {
                return -1;
            }
        }

        @Override
        public void failed(Throwable failure) {
            synchronized (ahead) {
                if (ended) {
                    return;
                }
                ended = true;
            }
            gone.run();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
