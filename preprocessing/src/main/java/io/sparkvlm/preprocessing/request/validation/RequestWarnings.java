package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.outcome.RequestCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the warnings of a request, each of which names what was accepted without having an effect. An unknown field
 * is a fault instead where the job is strict. Not thread-safe: one for each request.
 */
final class RequestWarnings {
    /** So that a row of ten thousand unknown fields does not make ten thousand warnings. */
    private static final int MAX_WARNINGS = 50;

    private final Strictness strictness;
    private final List<String> warnings = new ArrayList<>();

    RequestWarnings(Strictness strictness) {
        this.strictness = strictness;
    }

    void warn(String warning) {
        if (warnings.size() < MAX_WARNINGS) {
            warnings.add(warning);
        } else if (warnings.size() == MAX_WARNINGS) {
            warnings.add("more warnings than " + MAX_WARNINGS + " are left out");
        }
    }

    void unknown(String path) throws InvalidRequestException {
        switch (strictness) {
            case LENIENT -> warn("unknown field " + FieldChecks.quoted(path) + " has no effect on the answer");
            case STRICT ->
                throw InvalidRequestException.at(
                        path, RequestCode.UNKNOWN_PARAMETER, "Unknown parameter: " + FieldChecks.quoted(path) + ".");
        }
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
