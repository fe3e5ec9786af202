package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.openai.WireText;

/**
 * Ends the reading of a request at its first fault. Checked, so that the compiler sees that it never leaves this
 * package: the validator turns it into an Outcome.
 */
final class InvalidRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private static final int MAX_PARAM_LENGTH = 300;

    private final transient Rejection rejection;

    private InvalidRequestException(Rejection rejection) {
        // A row's fault is no event of the program: no stack trace, no suppression.
        super(rejection.message(), null, false, false);
        this.rejection = rejection;
    }

    static InvalidRequestException at(String path, ErrorCode code, String message) {
        // Path and message may hold the name of a field that the request made up.
        String param = WireText.wellFormed(WireText.atMost(MAX_PARAM_LENGTH, path));
        return new InvalidRequestException(Rejection.at(param, code, WireText.wellFormed(message)));
    }

    Rejection rejection() {
        return rejection;
    }
}
