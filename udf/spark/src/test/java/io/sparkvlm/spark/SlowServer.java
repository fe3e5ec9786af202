package io.sparkvlm.spark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on the loopback that holds one picture, and is as slow as a test wants it. */
final class SlowServer implements AutoCloseable {
    final AtomicInteger asked = new AtomicInteger();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final byte[] picture;
    private final Pace pace;

    /** How an answer's body is written. */
    @FunctionalInterface
    private interface Pace {
        void write(byte[] picture, OutputStream out) throws IOException, InterruptedException;
    }

    private SlowServer(String loopback, byte[] picture, Pace pace) throws IOException {
        this.picture = picture;
        this.pace = pace;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getAllByName(loopback)[0], 0), 100);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    static SlowServer on(String loopback, byte[] picture) throws IOException {
        return new SlowServer(loopback, picture, (bytes, out) -> out.write(bytes));
    }

    /** Answers no client before the event. */
    static SlowServer answeringAfter(CountDownLatch event, String loopback, byte[] picture) throws IOException {
        return new SlowServer(loopback, picture, (bytes, out) -> {
            event.await();
            out.write(bytes);
        });
    }

    /** Never ends its answer, of which a byte comes now and then. */
    static SlowServer dripping(String loopback, byte[] picture) throws IOException {
        return new SlowServer(loopback, picture, (bytes, out) -> {
            for (byte b : bytes) {
                out.write(b);
                out.flush();
                Thread.sleep(200);
            }
        });
    }

    String url(String path) {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        exchange.sendResponseHeaders(200, picture.length);
        try (OutputStream out = exchange.getResponseBody()) {
            pace.write(picture, out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
