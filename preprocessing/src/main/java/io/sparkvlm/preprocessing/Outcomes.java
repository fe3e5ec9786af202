package io.sparkvlm.preprocessing;

import io.sparkvlm.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Combines the outcomes of several things into all of their values, or the first rejection. */
final class Outcomes {
    private Outcomes() {}

    /** Stops at the first rejection. */
    static <T, R> Outcome<List<R>> all(List<T> values, Function<T, Outcome<R>> function) {
        Outcome<List<R>> all = Outcome.ok(new ArrayList<>(values.size()));
        for (T value : values) {
            all = all.flatMap(list -> function.apply(value).map(result -> {
                list.add(result);
                return list;
            }));
        }
        return all;
    }
}
