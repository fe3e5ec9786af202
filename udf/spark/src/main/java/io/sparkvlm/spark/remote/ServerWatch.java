package io.sparkvlm.spark.remote;

import io.sparkvlm.api.IncurableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one server running until it is closed: starts it, and starts it again when it ends, as often as its command says. */
final class ServerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);

    private static final long POLL_MILLIS = 100;
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(5);

    private final ServerCommand command;
    private final int port;
    private final List<String> gpus;
    private final URI url;
    private volatile ServerProcess process;
    private int restarts;
    private boolean closed;

    ServerWatch(ServerCommand command, int port, List<String> gpus, URI url) {
        this.command = command;
        this.port = port;
        this.gpus = gpus;
        this.url = url;
    }

    /** Told of a server that is started again. */
    interface Listener {
        /** It takes no requests. */
        void away();

        /** It takes requests again. */
        void back();

        /** It comes no more. */
        void end(IncurableException fault);
    }

    /**
     * Starts the server, and waits until it takes requests.
     *
     * @throws IncurableException with the server's last lines, when it does not
     */
    void start() throws IOException, InterruptedException {
        process = ServerProcess.start(command.filled(port, gpus), gpus);
        if (!becomesWell(process)) {
            throw new IncurableException(
                    "the server of --engine-command ended while it started; " + process.lastWords());
        }
    }

    /** Waits; false where it has ended instead. Another program may answer at its port, where it has none. */
    private boolean becomesWell(ServerProcess started) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(HEALTH_TIMEOUT)
                .build();
        long startNanos = System.nanoTime();
        while (started.isAlive()) {
            if (isWell(client)) {
                return started.isAlive();
            }
            if (System.nanoTime() - startNanos > command.startTimeout().toNanos()) {
                throw new IncurableException("expected the server of --engine-command to answer at "
                        + command.health(url) + " within "
                        + command.startTimeout().toSeconds()
                        + " s, found that it does not: give it longer by --engine-start-timeout, or another path by"
                        + " --engine-health; " + started.lastWords());
            }
            Thread.sleep(POLL_MILLIS);
        }
        return false;
    }

    private boolean isWell(HttpClient client) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(command.health(url))
                .timeout(HEALTH_TIMEOUT)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) { // not yet
            return false;
        }
    }

    /** Starts the server again when it ends, as often as may be. */
    void onEnd(Listener listener) {
        CompletableFuture<?> unused = process.end()
                .thenRunAsync(() -> again(listener), work -> watchThread(work).start());
    }

    private void again(Listener listener) {
        listener.away();
        try {
            ServerProcess next = restarted();
            while (!becomesWell(next)) {
                next = restarted();
            }
            onEnd(listener);
            listener.back();
        } catch (IncurableException e) {
            listener.end(e);
        } catch (IOException | InterruptedException e) {
            listener.end(new IncurableException(
                    "the server of --engine-command cannot be started again: " + e.getMessage(), e));
        }
    }

    private synchronized ServerProcess restarted() throws IOException {
        String lastWords = process.lastWords();
        if (closed) {
            throw new IncurableException("the server of --engine-command is not wanted any more");
        }
        if (restarts == command.restarts()) {
            throw new IncurableException("the server of --engine-command ended " + (restarts + 1)
                    + " times, which --engine-restarts bounds; " + lastWords);
        }
        restarts++;
        LOG.warn("The server of --engine-command has ended and is started again; {}", lastWords);
        process = ServerProcess.start(command.filled(port, gpus), gpus);
        return process;
    }

    private static Thread watchThread(Runnable work) {
        Thread thread = new Thread(work, "sparkvlm-server-watch");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (process != null) {
            process.close();
        }
    }
}
