package io.sparkvlm.job.metric;

import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.commons.text.similarity.SimilarityInput;

/**
 * Average normalized Levenshtein similarity of one answer (Biten et al., Scene Text Visual Question Answering, 2019), with
 * the threshold and the lengths of DocVQA's and Qwen-VL's evaluation.
 */
final class Anls implements Metric {
    private static final double THRESHOLD = 0.5;

    @Override
    public double score(String answer, Gold gold) {
        double similarity = gold.best(right -> similarity(answer, right));
        return similarity < THRESHOLD ? 0 : similarity;
    }

    private static double similarity(String answer, String right) {
        int length = Math.max(length(answer), length(right));
        if (length == 0) {
            return 1;
        }
        int distance = LevenshteinDistance.getDefaultInstance().apply(codePoints(answer), codePoints(right));
        return 1 - (double) distance / length;
    }

    /** In code points, before spaces are folded: the published evaluation divides by it. */
    private static int length(String text) {
        return (int) text.toUpperCase(Locale.ROOT).codePoints().count();
    }

    private static SimilarityInput<Integer> codePoints(String text) {
        int[] points = String.join(" ", Words.of(text.toLowerCase(Locale.ROOT)))
                .codePoints()
                .toArray();
        return new SimilarityInput<>() {
            @Override
            public Integer at(int index) {
                return points[index];
            }

            @Override
            public int length() {
                return points.length;
            }
        };
    }
}
