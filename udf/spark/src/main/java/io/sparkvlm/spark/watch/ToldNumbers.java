package io.sparkvlm.spark.watch;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an executor tells the driver: its numbers by their names. */
record ToldNumbers(String executor, SortedMap<String, Double> numbers) {
    /** As classes of Java alone: an executor's RPC knows none of a jar that came with the job. */
    Object message() {
        return new SimpleImmutableEntry<>(executor, new TreeMap<>(numbers));
    }

    static ToldNumbers of(Object message) {
        Map.Entry<?, ?> entry = (Map.Entry<?, ?>) message;
        SortedMap<String, Double> numbers = new TreeMap<>();
        ((Map<?, ?>) entry.getValue()).forEach((name, number) -> numbers.put((String) name, (Double) number));
        return new ToldNumbers((String) entry.getKey(), numbers);
    }
}
