package io.sparkvlm.job.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known name that one which was written wrong is likely to mean. */
public final class NearestName {
    /** One letter in three may be wrong. */
    private static final int LETTERS_A_FAULT = 3;

    private NearestName() {}

    /** What a message ends in: the nearest name, or nothing where none is near. */
    public static String hint(String written, Collection<String> known) {
        return of(written, known)
                .map(name -> "; the nearest is \"" + name + "\"")
                .orElse("");
    }

    /** The nearest name, where one is near. */
    public static Optional<String> of(String written, Collection<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream()
                .filter(name -> distance.apply(written, name)
                        <= written.replace("-", "").length() / LETTERS_A_FAULT)
                .min(Comparator.comparing((String name) -> distance.apply(written, name))
                        .thenComparing(Comparator.naturalOrder()));
    }
}
