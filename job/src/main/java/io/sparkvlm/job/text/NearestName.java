package io.sparkvlm.job.text;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Which of the known names did someone mean who wrote another? */
public final class NearestName {
    private NearestName() {}

    public static String to(String written, Collection<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream()
                .min(Comparator.comparing((String name) -> distance.apply(written, name))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow(() -> new IllegalArgumentException("expected at least one known name"));
    }
}
