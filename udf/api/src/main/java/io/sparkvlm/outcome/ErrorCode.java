package io.sparkvlm.outcome;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** An error code of the output table; the wire name is the constant's in lower case. */
public sealed interface ErrorCode permits RequestCode, MediaCode, EngineCode {
    /** The constant's name. */
    String name();

    /** As HTTP: 400, 404, 500, 503. */
    int status();

    default ErrorType type() {
        return status() < 500 ? ErrorType.INVALID_REQUEST_ERROR : ErrorType.SERVER_ERROR;
    }

    /** Whether the same request may be answered another time, because what failed was not the request. */
    default boolean mayPass() {
        return type() == ErrorType.SERVER_ERROR;
    }

    default String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Every code there is. */
    static List<ErrorCode> all() {
        return Stream.<ErrorCode[]>of(RequestCode.values(), MediaCode.values(), EngineCode.values())
                .flatMap(Stream::of)
                .toList();
    }

    /**
     * Reads a name in any case.
     *
     * @throws IllegalArgumentException where no code has it
     */
    static ErrorCode parse(String name) {
        return all().stream()
                .filter(code -> code.wireName().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected an error code, found \"" + name + "\""));
    }
}
