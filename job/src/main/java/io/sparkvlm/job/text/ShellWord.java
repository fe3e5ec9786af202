package io.sparkvlm.job.text;

/** Quotes a text so that a shell takes it as one word. */
public final class ShellWord {
    private ShellWord() {}

    public static String of(String text) {
        return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
