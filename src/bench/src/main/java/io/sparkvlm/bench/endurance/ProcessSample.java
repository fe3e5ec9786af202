package io.sparkvlm.bench.endurance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Java process takes of its machine at a moment, as Linux and its own diagnostics tell.
 *
 * @param heapMib live: used after a collection of all; 0 of a process that has ended
 * @param residentMib of the process and its children
 * @param descriptors files and sockets that it has open
 * @param children processes below it
 */
record ProcessSample(double heapMib, double residentMib, int descriptors, int threads, int children) {
    private static final Pattern HEAP_USED = Pattern.compile("(?:generation|heap) +total \\d+K, used (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final double KIB_A_MIB = 1024;

    /** Collects garbage there first. The process must use the serial collector or G1. */
    static ProcessSample of(ProcessHandle process) throws IOException, InterruptedException {
        diagnose(process, "GC.run");
        double heap = HEAP_USED
                .matcher(diagnose(process, "GC.heap_info"))
                .results()
                .mapToLong(generation -> Long.parseLong(generation.group(1)))
                .sum();
        double resident = residentKib(process);
        int children = 0;
        for (ProcessHandle child : process.descendants().toList()) {
            resident += residentKib(child);
            children++;
        }
        return new ProcessSample(
                heap / KIB_A_MIB, resident / KIB_A_MIB, count(process, "fd"), count(process, "task"), children);
    }

    private static String diagnose(ProcessHandle process, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "" + process.pid(), command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return said;
    }

    /** 0 of one that has ended. */
    private static long residentKib(ProcessHandle process) {
        try {
            Matcher resident = RESIDENT.matcher(Files.readString(folder(process).resolve("status")));
            return resident.find() ? Long.parseLong(resident.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** 0 of one that has ended. */
    private static int count(ProcessHandle process, String what) {
        String[] entries = folder(process).resolve(what).toFile().list();
        return entries == null ? 0 : entries.length;
    }

    private static Path folder(ProcessHandle process) {
        return Path.of("/proc", "" + process.pid());
    }
}
