package io.sparkvlm.it;

import io.sparkvlm.job.Main;
import java.util.Optional;
import java.util.regex.Pattern;

/** Runs commands one after the other, as {@code ./sparkvlm} would each, and ends with the first that fails. */
final class CommandsInOneJvm {
    private static final String SCRIPT = "./sparkvlm ";

    /** A word, alone or in quotes, that a shell would read no otherwise. */
    private static final Pattern WORD = Pattern.compile("[\\w./-]+|\"([\\w ./?{}(),-]+)\"");

    private static final Pattern PLAIN = Pattern.compile("(?:(?:" + WORD + ") *)+");

    private CommandsInOneJvm() {}

    static boolean canRun(String command) {
        return command.startsWith(SCRIPT) && PLAIN.matcher(command).matches();
    }

    public static void main(String[] commands) {
        for (String command : commands) {
            System.out.println("$ " + command);
            int exitCode = Main.run(words(command.substring(SCRIPT.length())));
            if (exitCode != 0) {
                System.exit(exitCode);
            }
        }
        System.exit(0); // as the script's java does, whatever threads are left
    }

    private static String[] words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word -> Optional.ofNullable(word.group(1)).orElseGet(word::group))
                .toArray(String[]::new);
    }
}
