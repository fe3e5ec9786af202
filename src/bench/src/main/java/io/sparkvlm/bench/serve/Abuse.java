package io.sparkvlm.bench.serve;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What abusers had of a server.
 *
 * @param cutOff how often a slow client was cut off
 * @param statuses how many answers to random bodies had each status; 0 for none
 */
record Abuse(int cutOff, Map<Integer, Integer> statuses) {
    static final Abuse NONE = new Abuse(0, Map.of());

    /** From a line that {@link #line} made. */
    static Abuse parse(String line) {
        String[] words = line.split(" ");
        return new Abuse(
                Integer.parseInt(words[0]),
                Arrays.stream(words)
                        .skip(1)
                        .map(word -> word.split("="))
                        .collect(Collectors.toMap(
                                pair -> Integer.parseInt(pair[0]), pair -> Integer.parseInt(pair[1]))));
    }

    String line() {
        return cutOff
                + statuses.entrySet().stream()
                        .map(entry -> " " + entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining());
    }

    Abuse plus(Abuse other) {
        Map<Integer, Integer> sums = new TreeMap<>(statuses);
        other.statuses.forEach((status, count) -> sums.merge(status, count, Integer::sum));
        return new Abuse(cutOff + other.cutOff, sums);
    }

    int bodies() {
        return statuses.values().stream().mapToInt(count -> count).sum();
    }
}
