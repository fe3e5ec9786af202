package io.sparkvlm.bench.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/**
 * Bodies of random bytes, and a request for another model with some of its bytes changed, sent to each endpoint in turn by some clients
 * until it is closed. None is answered at length: the model is another, and one token is asked for.
 */
final class RandomBodies implements AutoCloseable {
    private static final List<String> PATHS =
            List.of("/v1/chat/completions", "/v1/models", "/v1/models/model", "/health", "/metrics", "/v1/other");
    private static final int CLIENTS = 8;
    private static final int MOST_BYTES = 4096;
    private static final Timeout PATIENCE = Timeout.ofSeconds(30);

    private static final String REQUEST =
            "{\"model\": \"another\", \"messages\": [{\"role\": \"user\", \"content\": \"a b c\"}],"
                    + " \"max_completion_tokens\": 1, \"temperature\": 0}";

    private final HttpHost server;
    private final CloseableHttpClient client = client();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final List<Thread> sending = new ArrayList<>();
    private final long pauseNanos;
    private volatile boolean closed;

    /** @param aSecond of all clients; 0 for as many as are answered */
    RandomBodies(int port, int aSecond) {
        this.server = new HttpHost("127.0.0.1", port);
        this.pauseNanos = aSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(CLIENTS) / aSecond;
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            Thread thread = new Thread(() -> run(random), "random-bodies");
            thread.start();
            sending.add(thread);
        }
    }

    private static CloseableHttpClient client() {
        PoolingHttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(CLIENTS)
                .setMaxConnPerRoute(CLIENTS)
                .build();
        return HttpClients.custom()
                .disableAutomaticRetries()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(PATIENCE).build())
                .setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE) {
                    @Override
                    protected InetAddress determineLocalAddress(HttpHost first, HttpContext context) {
                        return SlowClients.ADDRESS;
                    }
                })
                .build();
    }

    private void run(Random random) {
        try {
            for (int number = random.nextInt(PATHS.size()); !closed; number++) {
                long next = System.nanoTime() + pauseNanos;
                send(number, random);
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(int number, Random random) {
        HttpPost request = new HttpPost(PATHS.get(number % PATHS.size()));
        request.setEntity(new ByteArrayEntity(
                number / PATHS.size() % 2 == 0 ? noise(random) : changed(random), ContentType.APPLICATION_JSON));
        try {
            count(client.execute(server, request, answer -> {
                EntityUtils.consume(answer.getEntity());
                return answer.getCode();
            }));
        } catch (IOException e) {
            count(0);
        }
    }

    private synchronized void count(int status) {
        statuses.merge(status, 1, Integer::sum);
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(MOST_BYTES)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] changed(Random random) {
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
    public void close() throws IOException, InterruptedException {
        closed = true;
        for (Thread thread : sending) {
            thread.join();
        }
        client.close();
    }
}
