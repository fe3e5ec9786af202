package io.sparkvlm.outcome;

import java.util.Objects;
import java.util.Optional;

/**
 * Why a row has no answer, in OpenAI's words.
 *
 * @param message at most {@value #MAX_MESSAGE_LENGTH} characters (longer ones are cut): what was expected, what was
 *     found and where; never an address, a class name or a query string
 * @param param the path of the field at fault, as {@code messages[1].content[0].image_url.url}
 */
public record Rejection(ErrorCode code, String message, Optional<String> param) {
    public static final int MAX_MESSAGE_LENGTH = 300;

    public Rejection {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(param, "param");
        if (message.length() > MAX_MESSAGE_LENGTH) {
            int end = MAX_MESSAGE_LENGTH - 1;
            boolean splitsACharacter = Character.isHighSurrogate(message.charAt(end - 1));
            message = message.substring(0, splitsACharacter ? end - 1 : end) + "…";
        }
    }

    public static Rejection at(String param, ErrorCode code, String message) {
        return new Rejection(code, message, Optional.of(param));
    }

    public static Rejection of(ErrorCode code, String message) {
        return new Rejection(code, message, Optional.empty());
    }
}
