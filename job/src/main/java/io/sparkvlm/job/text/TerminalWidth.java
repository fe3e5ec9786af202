package io.sparkvlm.job.text;

import java.util.Map;
import java.util.OptionalInt;

/** Reads how many characters a line of the terminal has. The launcher asks the terminal, because Java cannot. */
public final class TerminalWidth {
    private static final String VARIABLE = "SPARKVLM_COLUMNS";
    private static final int LEAST = 40;

    private TerminalWidth() {}

    /** The width that the launcher passed on; empty without the launcher. */
    public static OptionalInt of(Map<String, String> environment) {
        String width = environment.getOrDefault(VARIABLE, "");
        return width.matches("[1-9]\\d{0,4}")
                ? OptionalInt.of(Math.max(LEAST, Integer.parseInt(width)))
                : OptionalInt.empty();
    }
}
