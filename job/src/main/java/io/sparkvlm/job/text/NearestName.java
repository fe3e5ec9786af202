package io.sparkvlm.job.text;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known name that is closest to one that was written wrong. */
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
