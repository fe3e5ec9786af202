package io.sparkvlm.bench.kill;

import io.sparkvlm.bench.Checkout;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts processes at once where nothing is unpacked yet, and kills some of them: all others must answer. */
@Command(
        name = "starts",
        description =
                "Starts processes at once on an empty cache of native libraries, kills some of them with -9 while they"
                        + " unpack and starts others in their place, and counts those that do not answer.")
public final class StartsBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--runs", defaultValue = "10", description = "Of an empty cache each (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--processes", defaultValue = "4", description = "At once (default: ${DEFAULT-VALUE})")
    private int processes;

    @Option(
            names = "--kills",
            defaultValue = "2",
            description = "In each run but the first, which says how much is unpacked (default: ${DEFAULT-VALUE})")
    private int kills;

    @Option(names = "--seed", defaultValue = "1", description = "Of when is killed (default: ${DEFAULT-VALUE})")
    private long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Random random = new Random(seed);
        Path work = Files.createTempDirectory("sparkvlm-starts");
        long unpackedBytes = 0;
        int killed = 0;
        int failed = 0;
        for (int run = 0; run < runs; run++) {
            try (ColdStart start = new ColdStart(work.resolve("run-" + run))) {
                for (int i = 0; i < processes; i++) {
                    start.another();
                }
                List<Long> moments = new ArrayList<>();
                for (int kill = 0; run > 0 && kill < kills; kill++) {
                    moments.add((long) (random.nextDouble() * unpackedBytes));
                }
                moments.sort(null);
                for (long bytes : moments) {
                    if (start.killOneAfter(bytes, random)) {
                        killed++;
                        start.another();
                    }
                }
                List<String> failures = start.failures();
                for (String failure : failures) {
                    out.println("run " + run + ": " + failure);
                }
                failed += failures.size();
                unpackedBytes = Math.max(unpackedBytes, start.unpackedBytes());
            }
        }
        out.printf(
                "%d runs of %d processes at once, %d MB to unpack: %d killed while they unpacked, %d of the others did"
                        + " not answer%n",
                runs, processes, unpackedBytes / 1_000_000, killed, failed);
        out.println("logs: " + work);
        return failed == 0 ? 0 : 1;
    }

    /** Processes that begin with nothing unpacked, each of which asks the small model in the jar what it knows. */
    private static final class ColdStart implements AutoCloseable {
        private static final long POLL_MILLIS = 5;

        private final Path folder;
        private final Path cache;
        private final List<Process> running = new ArrayList<>();
        private int started;

        ColdStart(Path folder) throws IOException {
            this.folder = folder;
            this.cache = Files.createDirectories(folder.resolve("cache"));
        }

        void another() throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.sparkvlm.job.Main",
                            "doctor")
                    .directory(Checkout.file("").toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            folder.resolve("process-" + started + ".log").toFile());
            builder.environment().put("SPARKVLM_CACHE", cache.toString());
            builder.environment().put("DJL_CACHE_DIR", cache.resolve("djl").toString());
            running.add(builder.start());
            started++;
        }

        /** Kills one of those that run once so much is unpacked; not if they have all ended by then. */
        boolean killOneAfter(long bytes, Random random) throws IOException, InterruptedException {
            while (unpackedBytes() < bytes) {
                if (running.stream().noneMatch(Process::isAlive)) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            List<Process> alive = running.stream().filter(Process::isAlive).toList();
            if (alive.isEmpty()) {
                return false;
            }
            Process one = alive.get(random.nextInt(alive.size()));
            one.destroyForcibly().waitFor();
            running.remove(one);
            return true;
        }

        /** Of those that were not killed, when all have ended. */
        List<String> failures() throws InterruptedException {
            List<String> failures = new ArrayList<>();
            for (Process process : running) {
                int exitCode = process.waitFor();
                if (exitCode != 0) {
                    failures.add("process " + process.pid() + " ended with " + exitCode);
                }
            }
            return failures;
        }

        long unpackedBytes() throws IOException {
            return FolderSize.bytes(cache);
        }

        @Override
        public void close() throws IOException {
            running.forEach(Process::destroyForcibly);
            FileUtils.deleteDirectory(cache.toFile());
        }
    }
}
