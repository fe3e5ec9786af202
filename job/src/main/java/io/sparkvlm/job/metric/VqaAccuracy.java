package io.sparkvlm.job.metric;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Accuracy of VQAv2 (Antol et al., Visual Question Answering, 2015): an answer is right when three people gave it, averaged
 * over leaving each of the people out once.
 */
final class VqaAccuracy implements Metric {
    private static final double ENOUGH_PEOPLE = 3;

    @Override
    public double score(String answer, Gold gold) {
        String found = VqaText.normalized(answer);
        List<Boolean> agrees = gold.answers().stream()
                .map(VqaText::normalized)
                .map(found::equals)
                .toList();
        long all = agrees.stream().filter(agreed -> agreed).count();
        return IntStream.range(0, agrees.size())
                .mapToDouble(left -> Math.min(1, (all - (agrees.get(left) ? 1 : 0)) / ENOUGH_PEOPLE))
                .average()
                .orElse(0);
    }
}
