package io.sparkvlm.it;

import io.sparkvlm.job.Main;
import java.util.regex.Pattern;

/** Runs commands one after the other, as {@code ./sparkvlm} would each, and ends with the first that fails. */
final class CommandsInOneJvm {
    private static final String SCRIPT = "./sparkvlm ";
    /** Nothing that a shell would read otherwise. */
    private static final Pattern PLAIN = Pattern.compile("[\\w ./-]+");

    private CommandsInOneJvm() {}

    static boolean canRun(String command) {
        return command.startsWith(SCRIPT) && PLAIN.matcher(command).matches();
    }

    public static void main(String[] commands) {
        for (String command : commands) {
            System.out.println("$ " + command);
            int exitCode = Main.run(command.substring(SCRIPT.length()).split(" +"));
            if (exitCode != 0) {
                System.exit(exitCode);
            }
        }
        System.exit(0); // as the script's java does, whatever threads are left
    }
}
