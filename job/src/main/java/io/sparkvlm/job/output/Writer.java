package io.sparkvlm.job.output;

import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A process that writes an output, as it tells others.
 *
 * @param machine tells machines and containers apart where process ids are counted anew; empty where it is not known
 */
record Writer(String host, long pid, String since, String machine) {
    static Writer thisProcess() {
        return new Writer(
                hostName(),
                ProcessHandle.current().pid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                thisMachine());
    }

    static Writer parse(String text) {
        String[] words = (text.strip() + " ? ? ? ").split(" ", 5);
        long pid = words[1].matches("\\d{1,18}") ? Long.parseLong(words[1]) : 0;
        return new Writer(words[0], pid, words[2], words[3].equals("?") ? "" : words[3]);
    }

    String line() {
        return String.join(" ", host, "" + pid, since, machine) + "\n";
    }

    /** Whether it ran on this machine, under process ids that mean the same here, and runs no more. */
    boolean isKnownDead() {
        return !machine.isEmpty()
                && machine.equals(thisMachine())
                && ProcessHandle.of(pid).isEmpty();
    }

    /**
     * Says that this process writes an output.
     *
     * @param otherwise what helps beside waiting
     */
    JobRefusedException refusal(String output, String otherwise) {
        return new JobRefusedException("the output " + output + " is being written by process " + pid + " on " + host
                + " since " + since + ": " + otherwise);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** This boot of the kernel, and the namespace of process ids. */
    private static String thisMachine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + "/"
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException e) {
            return "";
        }
    }
}
