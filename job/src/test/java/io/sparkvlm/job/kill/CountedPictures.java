package io.sparkvlm.job.kill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;

/** Serves a picture for every row, and so counts the rows that are begun, from outside the job. Thread-safe. */
public final class CountedPictures implements AutoCloseable {
    private final AtomicInteger served = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final byte[] picture;
    private volatile IntToLongFunction delayMillis = row -> 0;

    CountedPictures(Path picture) throws IOException {
        this.picture = Files.readAllBytes(picture);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        served.incrementAndGet();
        String name = exchange.getRequestURI().getPath();
        try {
            Thread.sleep(delayMillis.applyAsLong(Integer.parseInt(name, 1, name.indexOf('.'), 10)));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.sendResponseHeaders(200, picture.length);
        exchange.getResponseBody().write(picture);
        exchange.close();
    }

    /**
     * Makes rows take time, so that a job has many left when it comes to harm.
     *
     * @param millis by the row's number
     */
    public void delay(IntToLongFunction millis) {
        delayMillis = millis;
    }

    String url(int row) {
        return "http://localhost:" + server.getAddress().getPort() + "/" + row + ".png";
    }

    /** How often a row was begun since {@link #forget}. */
    public int served() {
        return served.get();
    }

    public void forget() {
        served.set(0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
