package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.WireValue;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads an object field by field, and remembers which fields were read: those left at the end are unknown. Not
 * thread-safe: one for each object of a request.
 */
final class Fields {
    private final WireValue object;
    private final RequestWarnings warnings;
    private final Predicate<String> listed;
    private final Set<String> unread;

    private Fields(WireValue object, RequestWarnings warnings, Predicate<String> listed) {
        this.object = object;
        this.warnings = warnings;
        this.listed = listed;
        this.unread = object.fieldNames();
    }

    static Fields of(WireValue object, RequestWarnings warnings) throws InvalidRequestException {
        return of(object, warnings, name -> true);
    }

    /** @param listed the names that may be read; another is a mistake of the reader's */
    static Fields of(WireValue object, RequestWarnings warnings, Predicate<String> listed)
            throws InvalidRequestException {
        if (!object.node().isObject()) {
            throw FieldChecks.wrongType(object, "an object");
        }
        return new Fields(object, warnings, listed);
    }

    /** The path of the object itself. */
    String path() {
        return object.path();
    }

    String pathOf(String name) {
        return object.pathOf(name);
    }

    /** Whether the field is there and is not null. */
    boolean has(String name) {
        return object.field(name).isPresent();
    }

    /** Whether the field is there and is null. */
    boolean isNull(String name) {
        return object.has(name) && !has(name);
    }

    Optional<WireValue> optional(String name) {
        if (!listed.test(name)) {
            throw new IllegalArgumentException("expected a field of the list of known fields, found " + name);
        }
        unread.remove(name);
        return object.field(name);
    }

    WireValue required(String name) throws InvalidRequestException {
        Optional<WireValue> value = optional(name);
        if (value.isEmpty()) {
            throw InvalidRequestException.at(
                    pathOf(name),
                    RequestCode.MISSING_REQUIRED_PARAMETER,
                    "Missing required parameter: '" + pathOf(name) + "'.");
        }
        return value.get();
    }

    Optional<String> string(String name) throws InvalidRequestException {
        Optional<WireValue> value = optional(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(FieldChecks.string(value.get()));
    }

    boolean flag(String name, boolean absent) throws InvalidRequestException {
        Optional<WireValue> value = optional(name);
        return value.isEmpty() ? absent : FieldChecks.flag(value.get());
    }

    OptionalLong integer(String name, long min, long max) throws InvalidRequestException {
        Optional<WireValue> value = optional(name);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(FieldChecks.integer(value.get(), min, max));
    }

    OptionalInt smallInteger(String name, int min, int max) throws InvalidRequestException {
        OptionalLong value = integer(name, min, max);
        return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(value.getAsLong()));
    }

    OptionalDouble decimal(String name, double min, double max) throws InvalidRequestException {
        Optional<WireValue> value = optional(name);
        return value.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(FieldChecks.decimal(value.get(), min, max));
    }

    /** Refuses the fields that would change the answer and are not honoured. */
    void refuse(Iterable<String> names, String reason) throws InvalidRequestException {
        for (String name : names) {
            refuse(RefusedField.but(name), reason);
        }
    }

    void refuse(RefusedField field, String reason) throws InvalidRequestException {
        Optional<WireValue> value = optional(field.name());
        if (value.isPresent() && field.refuses(value.get().node())) {
            throw InvalidRequestException.at(
                    value.get().path(),
                    RequestCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: '" + value.get().path() + "' " + reason + ".");
        }
    }

    /** Accepts the fields that mean nothing here, with a warning each. */
    void ignore(Iterable<String> names, String reason) {
        for (String name : names) {
            if (optional(name).isPresent()) {
                warnings.warn("'" + pathOf(name) + "' " + reason);
            }
        }
    }

    /** The names that were not read yet. */
    Set<String> unread() {
        return unread;
    }

    /** To be called last: what was not read, and is not null, is unknown. */
    void end() throws InvalidRequestException {
        for (String name : unread) {
            if (has(name)) {
                warnings.unknown(pathOf(name));
            }
        }
    }
}
