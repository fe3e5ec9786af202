package io.sparkvlm.job.text;

import java.util.Map;
import java.util.OptionalInt;

/** How many characters has a line of the terminal? The launcher can tell; Java cannot. */
public final class TerminalWidth {
    private static final String VARIABLE = "SPARKVLM_COLUMNS";
    private static final int LEAST = 40;

    private TerminalWidth() {}

    /** Nothing where nobody has said it. */
    public static OptionalInt of(Map<String, String> environment) {
        String said = environment.getOrDefault(VARIABLE, "");
        return said.matches("[1-9]\\d{0,4}")
                ? OptionalInt.of(Math.max(LEAST, Integer.parseInt(said)))
                : OptionalInt.empty();
    }
}
