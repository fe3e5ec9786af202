package io.sparkvlm.spark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on the loopback that holds one picture and never ends its answer for a path with {@code slow} in it. */
final class SlowServer implements AutoCloseable {
    final AtomicInteger asked = new AtomicInteger();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final byte[] picture;

    private SlowServer(String loopback, byte[] picture) throws IOException {
        this.picture = picture;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getAllByName(loopback)[0], 0), 100);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    static SlowServer on(String loopback, byte[] picture) throws IOException {
        return new SlowServer(loopback, picture);
    }

    String url(String path) {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        exchange.sendResponseHeaders(200, picture.length);
        try (OutputStream out = exchange.getResponseBody()) {
            if (!exchange.getRequestURI().getPath().contains("slow")) {
                out.write(picture);
                return;
            }
            for (byte b : picture) {
                out.write(b);
                out.flush();
                Thread.sleep(200);
            }
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
