package io.sparkvlm.engine.sampling;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Remembers which tokens stood in the prompt and how often each was generated. */
public final class TokenHistory {
    private final int[] promptTokenIds;
    private final Map<Integer, Integer> generatedCounts = new LinkedHashMap<>();
    private Optional<int[]> distinctPromptIds = Optional.empty();
    private int generated;

    /** @param promptTokenIds not copied: they do not change */
    public TokenHistory(int[] promptTokenIds) {
        this.promptTokenIds = promptTokenIds;
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

    /** Ids that stood in the prompt or were generated, each once. */
    int[] seenIds() {
        if (distinctPromptIds.isEmpty()) {
            distinctPromptIds = Optional.of(
                    Arrays.stream(promptTokenIds).sorted().distinct().toArray());
        }
        int[] inPrompt = distinctPromptIds.get();
        IntStream onlyGenerated = generatedCounts.keySet().stream()
                .mapToInt(Integer::intValue)
                .filter(id -> Arrays.binarySearch(inPrompt, id) < 0);
        return IntStream.concat(Arrays.stream(inPrompt), onlyGenerated).toArray();
    }
}
