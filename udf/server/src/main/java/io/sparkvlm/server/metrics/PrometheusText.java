package io.sparkvlm.server.metrics;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Writes metrics in Prometheus' text format, version 0.0.4. */
public final class PrometheusText {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();

    void gauge(String name, String help, Number value) {
        head(name, help, "gauge");
        line(name, "", value);
    }

    void counter(String name, String help, Number value) {
        head(name + "_total", help, "counter");
        line(name + "_total", "", value);
    }

    void counters(String name, String help, String label, Map<String, LongAdder> values) {
        head(name + "_total", help, "counter");
        values.forEach((key, value) -> line(name + "_total", label(label, key), value.sum()));
    }

    void histogram(String name, String help, Histogram values) {
        head(name, help, "histogram");
        long[] all = {0};
        values.forEach((bound, count) -> {
            line(name + "_bucket", label("le", bound), count);
            all[0] = count;
        });
        line(name + "_sum", "", values.sum());
        line(name + "_count", "", all[0]);
    }

    private void head(String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** Codes and bounds have nothing that must be escaped. */
    private static String label(String name, String value) {
        return "{" + name + "=\"" + value + "\"}";
    }

    private void line(String name, String labels, Number value) {
        text.append(name).append(labels).append(' ').append(value).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
