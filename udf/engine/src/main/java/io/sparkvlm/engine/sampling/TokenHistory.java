package io.sparkvlm.engine.sampling;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which tokens stood in the prompt, and how often was each one generated? */
public final class TokenHistory {
    private final Set<Integer> promptIds = new HashSet<>();
    private final Map<Integer, Integer> generatedCounts = new HashMap<>();
    private int generated;

    public TokenHistory(int[] promptTokenIds) {
        for (int id : promptTokenIds) {
            promptIds.add(id);
        }
    }

    public void add(int generatedId) {
        generatedCounts.merge(generatedId, 1, Integer::sum);
        generated++;
    }

    /** Tokens generated so far: the index of the next one. */
    public int generated() {
        return generated;
    }

    Map<Integer, Integer> generatedCounts() {
        return generatedCounts;
    }

    /** Ids that stood in the prompt or were generated. */
    int[] seenIds() {
        Set<Integer> seen = new HashSet<>(promptIds);
        seen.addAll(generatedCounts.keySet());
        return seen.stream().mapToInt(Integer::intValue).sorted().toArray();
    }
}
