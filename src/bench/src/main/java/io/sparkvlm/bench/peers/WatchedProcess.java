package io.sparkvlm.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that has ended.
 *
 * @param startNanos when it started, of {@link System#nanoTime}
 * @param seconds from its start to its end
 * @param peakBytes the most memory that it and its descendants were seen to have at once, shared pages counted once
 */
record WatchedProcess(long startNanos, double seconds, long peakBytes) {
    private static final int SAMPLE_MILLIS = 500;

    /**
     * Runs a command to its end.
     *
     * @throws IOException saying where its output is, where its exit code is not 0
     */
    static WatchedProcess run(List<String> command, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        long peak = 0;
        try {
            while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, bytes(process.toHandle()));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("expected exit code 0 of %s, found %d; its output is in %s"
                    .formatted(command, process.exitValue(), log));
        }
        return new WatchedProcess(start, (System.nanoTime() - start) / 1e9, peak);
    }

    private static long bytes(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants())
                .mapToLong(process -> proportionalBytes(process.pid()))
                .sum();
    }

    /** proc(5), /proc/pid/smaps_rollup: a page that n processes share counts as an nth; 0 for one that has ended. */
    private static long proportionalBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }
}
