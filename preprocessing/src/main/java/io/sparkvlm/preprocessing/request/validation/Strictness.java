package io.sparkvlm.preprocessing.request.validation;

/** What becomes of a row with an unknown field. */
public enum Strictness {
    /** It is answered, and the field named in its warnings. */
    LENIENT,
    /** It is refused as unknown_parameter: {@code --strict}. */
    STRICT
}
