package io.sparkvlm.job.rapids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Spark RAPIDS has logged of plans, as log4j2-rapids.properties has it.
 *
 * @param taken the nodes that go to the GPU
 * @param left those that stay with Spark
 */
record Explanations(Set<String> taken, Set<String> left) {
    private static final Path LOG = Path.of("target/rapids-plans.log");
    /** {@code *Exec <ProjectExec> will run on GPU}, {@code ! <MapPartitionsExec> cannot run on GPU because …}. */
    private static final Pattern NODE = Pattern.compile("(?m)^\\s*([*!])\\w* <(\\w+(?:Exec|Command))> ");

    /** How many characters are there already: those of the plans to come begin after them. */
    static int length() throws IOException {
        return Files.readString(LOG).length();
    }

    /** @param length that the log had before the plans */
    static Explanations since(int length) throws IOException {
        Set<String> taken = new TreeSet<>();
        Set<String> left = new TreeSet<>();
        Matcher node = NODE.matcher(Files.readString(LOG).substring(length));
        while (node.find()) {
            (node.group(1).equals("*") ? taken : left).add(node.group(2));
        }
        return new Explanations(taken, left);
    }
}
