package io.sparkvlm.bench.serve;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Bodies of random bytes, and a request for another model with some of its bytes changed, sent to each endpoint in turn by one client
 * until it is closed. None is answered at length: the model is another, and one token is asked for.
 */
final class RandomBodies implements AutoCloseable {
    private static final List<String> PATHS =
            List.of("/v1/chat/completions", "/v1/models", "/v1/models/model", "/health", "/metrics", "/v1/other");
    private static final int MOST_BYTES = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String REQUEST =
            "{\"model\": \"another\", \"messages\": [{\"role\": \"user\", \"content\": \"a b c\"}],"
                    + " \"max_completion_tokens\": 1, \"temperature\": 0}";

    private final ServedModel server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Random random = new Random(5);
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final ScheduledExecutorService sending = Executors.newSingleThreadScheduledExecutor();
    private int sent; // the sending thread's

    RandomBodies(ServedModel server, int aSecond) {
        this.server = server;
        var unused =
                sending.scheduleAtFixedRate(this::send, 0, TimeUnit.SECONDS.toNanos(1) / aSecond, TimeUnit.NANOSECONDS);
    }

    private void send() {
        int number = sent++;
        HttpRequest request = HttpRequest.newBuilder(server.uri(PATHS.get(number % PATHS.size())))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofByteArray(number / PATHS.size() % 2 == 0 ? noise() : changed()))
                .build();
        try {
            count(client.send(request, BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            count(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void count(int status) {
        statuses.merge(status, 1, Integer::sum);
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(MOST_BYTES)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] changed() {
        byte[] bytes = REQUEST.getBytes(StandardCharsets.UTF_8);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    /** How many answers had each status; 0 for none. */
    synchronized Map<Integer, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    @Override
    public void close() throws InterruptedException {
        sending.shutdown();
        boolean unused = sending.awaitTermination(1, TimeUnit.MINUTES);
    }
}
