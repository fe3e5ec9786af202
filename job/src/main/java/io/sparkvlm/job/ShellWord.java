package io.sparkvlm.job;

/** How is a text typed so that a shell takes it as one word? */
final class ShellWord {
    private ShellWord() {}

    static String of(String text) {
        return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
