package io.sparkvlm.job.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.report.Throughput.Ended;
import io.sparkvlm.job.text.Figures;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Describes a chart in numbers, as {@code report.js} draws it.
 *
 * @param summary what it says, for those who do not see it
 * @param json labels and values
 */
record Chart(String title, String summary, String json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is drawn in one colour. */
    private record Series(String name, List<Double> values) {}

    static Chart ofRows(Throughput throughput) {
        return overTime(
                "Answered rows a minute",
                throughput,
                List.of(new Series("rows a minute", rates(throughput, Ended::rows))));
    }

    static Chart ofTokens(Throughput throughput) {
        return overTime(
                "Tokens a minute",
                throughput,
                List.of(
                        new Series("prompt", rates(throughput, Ended::promptTokens)),
                        new Series("answer", rates(throughput, Ended::completionTokens))));
    }

    static Chart ofErrors(Throughput throughput) {
        return overTime(
                "Rows with errors a minute",
                throughput,
                List.of(new Series("errors a minute", rates(throughput, Ended::errors))));
    }

    static Chart of(Histogram histogram) {
        Scale scale = histogram.scale();
        List<String> labels = IntStream.range(0, scale.bins())
                .mapToObj(bin ->
                        scale.label(bin) + (bin == scale.bins() - 1 ? " and more" : " to " + scale.label(bin + 1)))
                .toList();
        List<Double> rows = histogram.rows().stream().map(Long::doubleValue).toList();
        long all = histogram.rows().stream().mapToLong(Long::longValue).sum();
        int fullest = IntStream.range(0, rows.size())
                .reduce((a, b) -> rows.get(b) > rows.get(a) ? b : a)
                .orElseThrow();
        return new Chart(
                histogram.measure().title(),
                "Of " + Figures.count(all, "row") + ", "
                        + Figures.count(histogram.rows().get(fullest)) + " have " + labels.get(fullest) + " "
                        + histogram.measure().unit() + ", more than any other range.",
                json(labels, histogram.measure().unit(), "rows", List.of(new Series("rows", rows))));
    }

    private static List<Double> rates(Throughput throughput, ToLongFunction<Ended> ended) {
        return throughput.times().stream()
                .map(time -> throughput.aMinute(ended.applyAsLong(time)))
                .toList();
    }

    private static Chart overTime(String title, Throughput throughput, List<Series> series) {
        boolean days = Duration.between(throughput.start(), throughput.end()).toHours() >= 24;
        boolean seconds = throughput.width().toSeconds() < 60;
        DateTimeFormatter time = DateTimeFormatter.ofPattern(
                        days ? "MMM d HH:mm" : seconds ? "HH:mm:ss" : "HH:mm", Locale.ROOT)
                .withZone(ZoneOffset.UTC);
        List<String> labels = IntStream.range(0, throughput.times().size())
                .mapToObj(i -> time.format(throughput.at(i)))
                .toList();
        String most = series.stream()
                .map(one -> String.format(
                        Locale.ROOT,
                        "%s at most %,.0f",
                        one.name(),
                        one.values().stream().reduce(0.0, Math::max)))
                .collect(Collectors.joining(", "));
        return new Chart(
                title,
                title + " from " + labels.get(0) + " to " + time.format(throughput.end()) + " UTC: " + most + ".",
                json(labels, "UTC", "", series));
    }

    private static String json(List<String> labels, String x, String y, List<Series> series) {
        ObjectNode chart = JSON.createObjectNode().put("x", x).put("y", y);
        chart.set("labels", JSON.valueToTree(labels));
        chart.set(
                "series",
                JSON.valueToTree(series.stream()
                        .map(one -> Map.of("name", one.name(), "values", one.values()))
                        .toList()));
        return chart.toString();
    }

    Map<String, String> model() {
        return Map.of("title", title, "summary", summary, "json", json);
    }
}
