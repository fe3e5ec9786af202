package io.sparkvlm.job.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves a picture for every row, and so counts the rows that are begun, from outside the job. */
final class CountedPictures implements AutoCloseable {
    private final AtomicInteger served = new AtomicInteger();
    private final HttpServer server;
    private final byte[] picture;
    private volatile long delayMillis;

    CountedPictures(Path picture) throws IOException {
        this.picture = Files.readAllBytes(picture);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        served.incrementAndGet();
        try {
            Thread.sleep(delayMillis);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.sendResponseHeaders(200, picture.length);
        exchange.getResponseBody().write(picture);
        exchange.close();
    }

    /** Makes rows take so long that a job has many left when it is stopped. */
    void serveSlowly() {
        delayMillis = 1000;
    }

    void serveAtOnce() {
        delayMillis = 0;
    }

    String url(int row) {
        return "http://localhost:" + server.getAddress().getPort() + "/" + row + ".png";
    }

    int served() {
        return served.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
