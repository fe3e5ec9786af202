package io.sparkvlm.server.metrics;

import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.EngineMetric;
import io.sparkvlm.api.Generation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of requests, and writes it beside the engine's counters as Prometheus reads it. Thread-safe. */
public final class ServerMetrics {
    private final Map<String, LongAdder> statuses = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final Histogram firstToken = new Histogram(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60);
    private final Histogram total = new Histogram(0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 150, 300);

    public void answered(Generation generation) {
        firstToken.add(seconds(generation.timing().firstToken()));
        total.add(seconds(generation.timing().total()));
    }

    /** Counts an answer that begins, whatever was asked. */
    public void began(int status) {
        count(statuses, Integer.toString(status));
    }

    /** Counts a request that has an error of this code. */
    public void refused(String code) {
        count(refused, code);
    }

    private static void count(Map<String, LongAdder> counts, String key) {
        counts.computeIfAbsent(key, first -> new LongAdder()).increment();
    }

    /**
     * The text of all metrics.
     *
     * @param connections that are open
     * @param requests that are being answered or wait for it
     * @param waiting those of them that wait for the engine
     */
    public String text(EngineCounters engine, int connections, int requests, int waiting) {
        PrometheusText text = new PrometheusText();
        text.gauge("sparkvlm_connections", "Connections of clients that are open.", connections);
        text.gauge("sparkvlm_requests", "Requests that are being answered or wait for it.", requests);
        text.gauge("sparkvlm_requests_waiting", "Requests that wait for room in the engine.", waiting);
        text.counters("sparkvlm_responses", "Answers of all paths that began, by their status.", "status", statuses);
        text.counters(
                "sparkvlm_requests_refused",
                "Requests for chat completions that were let in and have an error, by its code, or its type where it has none.",
                "code",
                refused);
        text.histogram(
                "sparkvlm_time_to_first_token_seconds", "From the engine's queue to the first token.", firstToken);
        text.histogram("sparkvlm_generation_seconds", "From the engine's queue to the last token.", total);
        for (EngineMetric metric : EngineMetric.values()) {
            String name = "sparkvlm_" + metric.wireName();
            switch (metric.kind()) {
                case COUNTER -> text.counter(name, metric.help(), metric.of(engine));
                case GAUGE -> text.gauge(name, metric.help(), metric.of(engine));
            }
        }
        return text.toString();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
