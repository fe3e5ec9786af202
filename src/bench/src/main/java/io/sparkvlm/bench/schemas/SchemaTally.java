package io.sparkvlm.bench.schemas;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds up what became of schemas. */
final class SchemaTally {
    static final String HEAD = String.format(
            "%-18s %8s %8s %8s %8s %9s %10s %10s %10s %10s %10s %10s",
            "",
            "schemas",
            "held",
            "refused",
            "faulty",
            "answers",
            "grammar ms",
            "99 %",
            "mask us",
            "mean",
            "99 %",
            "99.9 %");

    private static final Pattern QUOTED = Pattern.compile("'[^']+'");

    private final Map<String, Integer> refusals = new TreeMap<>();
    private final List<Long> grammarNanos = new ArrayList<>();
    private final List<Long> maskNanos = new ArrayList<>();
    private int schemas;
    private int refused;
    private int faulty;
    private int answers;

    void add(SchemaTrial.Result result) {
        schemas++;
        answers += result.whole();
        faulty += result.faults().isEmpty() ? 0 : 1;
        grammarNanos.add(result.grammarNanos());
        maskNanos.addAll(result.maskNanos());
        result.refusal().ifPresent(why -> {
            refused++;
            refusals.merge(kind(why), 1, Integer::sum);
        });
    }

    /** The keyword that was refused, or the first words of the reason. */
    private static String kind(String why) {
        String message = why.substring(why.indexOf(": ") + 2);
        Matcher keyword = QUOTED.matcher(message);
        if (keyword.find()) {
            return keyword.group();
        }
        return message.replaceAll("\\d+", "N").replaceFirst(", found.*", "");
    }

    boolean isSound() {
        return faulty == 0;
    }

    String line(String name) {
        return String.format(
                Locale.ROOT,
                "%-18s %8d %8d %8d %8d %9d %10.2f %10.2f %10.1f %10.1f %10.1f %10.1f",
                name,
                schemas,
                schemas - refused - faulty,
                refused,
                faulty,
                answers,
                quantile(grammarNanos, 0.5) / 1e6,
                quantile(grammarNanos, 0.99) / 1e6,
                quantile(maskNanos, 0.5) / 1e3,
                maskNanos.stream().mapToLong(nanos -> nanos).average().orElse(0) / 1e3,
                quantile(maskNanos, 0.99) / 1e3,
                quantile(maskNanos, 0.999) / 1e3);
    }

    /** The most frequent first. */
    List<String> refusals() {
        return refusals.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .toList();
    }

    private static long quantile(List<Long> values, double share) {
        if (values.isEmpty()) {
            return 0;
        }
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size())));
    }
}
