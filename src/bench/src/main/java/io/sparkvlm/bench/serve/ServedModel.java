package io.sparkvlm.bench.serve;

import io.sparkvlm.bench.Checkout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, from when it answers to its end. */
final class ServedModel implements AutoCloseable {
    private static final int POLL_MILLIS = 50;
    private static final int PATIENCE_SECONDS = 600;

    private final Process process;
    private final int port;
    private final double startSeconds;

    private ServedModel(Process process, int port, double startSeconds) {
        this.process = process;
        this.port = port;
        this.startSeconds = startSeconds;
    }

    /** {@code sparkvlm serve} as a user starts it. */
    static ServedModel ours(Path checkpoint, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Checkout.file("sparkvlm").toAbsolutePath().toString(), "serve", "--model", checkpoint.toString()));
        command.addAll(List.of(flags));
        return start(command, Map.of());
    }

    /** {@code vllm serve} with the same bounds, on all processors. */
    static ServedModel vllm(String python, Path checkpoint) throws IOException, InterruptedException {
        return start(
                List.of(
                        python,
                        Checkout.file("src/bench/python/peer_vllm_serve.py").toString(),
                        checkpoint.toString()),
                Map.of("HF_HUB_OFFLINE", "1"));
    }

    /** Waits until it is healthy. */
    private static ServedModel start(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("--port", Integer.toString(port)));
        Path log = Files.createTempFile("sparkvlm-served", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        ServedModel served = new ServedModel(process, port, 0);
        Runtime.getRuntime().addShutdownHook(new Thread(served::close)); // also where this process is told to end
        while (!served.isHealthy()) {
            double seconds = (System.nanoTime() - start) / 1e9;
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS) || seconds > PATIENCE_SECONDS) {
                served.close();
                throw new IOException("expected a server of " + line + ", found what is in " + log);
            }
        }
        return new ServedModel(process, port, (System.nanoTime() - start) / 1e9);
    }

    private boolean isHealthy() throws InterruptedException {
        try {
            HttpRequest asked = HttpRequest.newBuilder(uri("/health")).build();
            return HttpClient.newHttpClient()
                            .send(asked, BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** What it has taken of the processors so far. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** From the start of its process until it was healthy. */
    double startSeconds() {
        return startSeconds;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
