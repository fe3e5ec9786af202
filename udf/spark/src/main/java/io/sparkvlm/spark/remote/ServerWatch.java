package io.sparkvlm.spark.remote;

import io.sparkvlm.api.IncurableException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server running until it is closed: starts it, and starts it again when it ends, as often as its command says. Each start
 * has a port of its own, and is repeated at another where a program took the port before the server did.
 */
final class ServerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);

    private static final long POLL_MILLIS = 100;
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(5);

    /** Ports that are found taken in a row, after which it is something else. */
    private static final int PORTS_TRIED = 5;

    private static final Pattern TAKEN =
            Pattern.compile("address (is )?(already )?in use|EADDRINUSE", Pattern.CASE_INSENSITIVE);

    private final ServerCommand command;
    private final List<String> gpus;
    private final Ports ports;
    private volatile ServerProcess process;
    private volatile int port;
    private int restarts; // the watch thread's
    private volatile boolean closed;

    ServerWatch(ServerCommand command, List<String> gpus, Ports ports) {
        this.command = command;
        this.gpus = gpus;
        this.ports = ports;
    }

    /** Where a server may listen. */
    @FunctionalInterface
    interface Ports {
        /** Free until the server takes it: a moment in which another program may. */
        int free() throws IOException;
    }

    /** Told of a server that is started again. */
    interface Listener {
        /** It takes no requests. */
        void away();

        /** It takes requests again, at this port. */
        void back(int port);

        /** It comes no more. */
        void end(IncurableException fault);
    }

    /**
     * Starts the server, and waits until it takes requests; returns at which port.
     *
     * @throws IncurableException with the server's last lines, when it does not
     */
    int start() throws IOException, InterruptedException {
        if (!startsWell()) {
            throw new IncurableException(
                    "the server of --engine-command ended while it started; " + process.lastWords());
        }
        return port;
    }

    /** False where it has ended instead, and not for its port's sake. */
    private boolean startsWell() throws IOException, InterruptedException {
        for (int tried = 0; tried < PORTS_TRIED; tried++) {
            startAtAnotherPort();
            if (becomesWell(process)) {
                return true;
            }
            if (!lostItsPort()) {
                return false;
            }
            LOG.warn(
                    "Another program took port {} before the server of --engine-command did: it is started at another",
                    port);
        }
        throw new IncurableException("the server of --engine-command found its port taken by another program, at "
                + PORTS_TRIED + " ports one after the other; " + process.lastWords());
    }

    private synchronized void startAtAnotherPort() throws IOException {
        if (closed) {
            throw new IncurableException("the server of --engine-command is not wanted any more");
        }
        port = ports.free();
        process = ServerProcess.start(command.filled(port, gpus), gpus);
    }

    /** Servers say it in many ways, and where none of them is known the port itself does. */
    private boolean lostItsPort() {
        process.end().join(); // so that its last words are there
        if (TAKEN.matcher(process.lastWords()).find()) {
            return true;
        }
        try (ServerSocket unused = new ServerSocket(port)) {
            return false;
        } catch (IOException e) {
            return true;
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
                        + command.health(RemoteSettings.ofThisMachine(port)) + " within "
                        + command.startTimeout().toSeconds()
                        + " s, found that it does not: give it longer by --engine-start-timeout, or another path by"
                        + " --engine-health; " + started.lastWords());
            }
            Thread.sleep(POLL_MILLIS);
        }
        return false;
    }

    private boolean isWell(HttpClient client) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(command.health(RemoteSettings.ofThisMachine(port)))
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
        if (closed) {
            return; // it was ended, and did not end
        }
        listener.away();
        try {
            do {
                countRestart();
            } while (!startsWell());
            onEnd(listener);
            listener.back(port);
        } catch (IncurableException e) {
            listener.end(e);
        } catch (IOException | InterruptedException e) {
            listener.end(new IncurableException(
                    "the server of --engine-command cannot be started again: " + e.getMessage(), e));
        }
    }

    private void countRestart() {
        String lastWords = process.lastWords();
        if (restarts == command.restarts()) {
            throw new IncurableException("the server of --engine-command ended " + (restarts + 1)
                    + " times, which --engine-restarts bounds; " + lastWords);
        }
        restarts++;
        LOG.warn("The server of --engine-command has ended and is started again; {}", lastWords);
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
