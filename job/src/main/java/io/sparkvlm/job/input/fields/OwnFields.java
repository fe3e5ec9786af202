package io.sparkvlm.job.input.fields;

import io.sparkvlm.preprocessing.openai.LineFields;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells the fields of the user's own from those of a request. */
public final class OwnFields {
    /** In a body these change the answer, or are refused; what else it may hold is carried as a table's columns are. */
    private static final Set<String> OF_BODY = Stream.of(
                    RequestValidator.honouredFields(),
                    RequestValidator.singleValuedFields(),
                    RequestValidator.refusedFields())
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableSet());

    private OwnFields() {}

    /** Their values as they are written, by name. */
    public static Map<String, String> of(LineFields line) {
        return line.besides(OF_BODY);
    }
}
