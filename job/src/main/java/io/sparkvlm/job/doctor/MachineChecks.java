package io.sparkvlm.job.doctor;

import static io.sparkvlm.job.text.Figures.gigabytes;

import io.sparkvlm.torch.natives.LibtorchEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks at Java, memory, folders and Spark. */
public final class MachineChecks {
    /** Spark 4.1 runs on these, and the jar is compiled for the first. */
    private static final int JAVA = 17;

    private static final int NEWEST_JAVA_OF_SPARK = 21;

    /** libtorch, FFmpeg and what they need, unpacked. */
    private static final long NATIVES_BYTES = 1_000_000_000L;

    private static final String SPARK = "4.1.";

    /** What spark.plugins names it by. */
    private static final String RAPIDS = "com.nvidia.spark.SQLPlugin";

    private MachineChecks() {}

    /** All findings of a machine, in the order that they are read in. */
    public static List<Finding> of(Machine machine) {
        return List.of(
                java(machine),
                spark(org.apache.spark.package$.MODULE$.SPARK_VERSION()),
                rapids(RAPIDS),
                memory(machine.freeBytes()),
                bandwidth(MemoryBandwidth.measured(
                        MemoryBandwidth.bytes(Runtime.getRuntime().maxMemory(), machine.freeBytes()))),
                hugePages(machine),
                waitingThreads(machine),
                folder(
                        "native libraries",
                        machine.cache(),
                        NATIVES_BYTES,
                        "set SPARKVLM_CACHE to a folder on this machine"),
                folder("temporary files", machine.temporary(), 0, "set java.io.tmpdir to a folder on this machine"));
    }

    private static Finding java(Machine machine) {
        String what = "Java " + machine.javaFeature() + " of " + machine.javaVendor();
        if (machine.javaFeature() < JAVA) {
            return Finding.missing(what, "install Java " + JAVA + " and set JAVA_HOME to it");
        }
        return machine.javaFeature() > NEWEST_JAVA_OF_SPARK
                ? Finding.warn(what, "set JAVA_HOME to Java " + JAVA + ", which the tests run on")
                : Finding.ok(what);
    }

    static Finding spark(String version) {
        return version.startsWith(SPARK)
                ? Finding.ok("Spark " + version)
                : Finding.missing("Spark " + version, "run on Spark " + SPARK + "x for Scala 2.13");
    }

    static Finding rapids(String plugin) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return Finding.ok(
                loader.getResource(plugin.replace('.', '/') + ".class") == null
                        ? "Spark RAPIDS: its jar is not on the class path; only jobs beside it want it"
                        : "Spark RAPIDS: its jar is on the class path");
    }

    private static Finding memory(OptionalLong freeBytes) {
        return freeBytes.isPresent()
                ? Finding.ok("memory: " + gigabytes(freeBytes.getAsLong()) + " can be had")
                : Finding.warn(
                        "memory: /proc/meminfo does not say how much can be had",
                        "set --kv-cache-memory-bytes, which is a share of it otherwise");
    }

    static Finding bandwidth(MemoryBandwidth measured) {
        return Finding.ok("memory bandwidth: " + gigabytes((long) measured.bytesPerSecond())
                + "/s copied by all processors, which bounds how fast they decode tokens; it is that of their caches if"
                + " these hold " + gigabytes(measured.bytes()));
    }

    private static Finding hugePages(Machine machine) {
        LibtorchEnvironment wanted = LibtorchEnvironment.HUGE_PAGES;
        return machine.environment().getOrDefault(wanted.variable(), "").contains(wanted.value())
                ? Finding.ok("huge pages: GLIBC_TUNABLES asks for them")
                : Finding.warn(
                        "huge pages: GLIBC_TUNABLES does not ask for them, which halves libtorch's speed on the CPU",
                        "set " + wanted.assignment());
    }

    private static Finding waitingThreads(Machine machine) {
        LibtorchEnvironment wanted = LibtorchEnvironment.SHORT_WAITS;
        return machine.environment().containsKey(wanted.variable())
                        || "passive".equalsIgnoreCase(machine.environment().get("OMP_WAIT_POLICY"))
                ? Finding.ok("waiting threads: GOMP_SPINCOUNT or OMP_WAIT_POLICY bounds how long they are awake")
                : Finding.warn(
                        "waiting threads: nothing bounds how long libtorch's are awake, which halves its speed on few"
                                + " processors",
                        "set " + wanted.assignment());
    }

    private static Finding folder(String purpose, Path folder, long neededBytes, String otherwise) {
        String what = "folder for " + purpose + ": " + folder;
        Optional<Path> there = nearestThatExists(folder);
        if (there.isEmpty() || !Files.isDirectory(there.get()) || !Files.isWritable(there.get())) {
            return Finding.missing(what + " cannot be written", "let this user write there, or " + otherwise);
        }
        try {
            long freeBytes = Files.getFileStore(there.get()).getUsableSpace();
            String withSpace = what + ", " + gigabytes(freeBytes) + " free";
            return freeBytes < neededBytes
                    ? Finding.warn(
                            withSpace, "make " + gigabytes(neededBytes) + " free, or " + otherwise + " with that much")
                    : Finding.ok(withSpace);
        } catch (IOException e) {
            return Finding.warn(what + ", whose free space cannot be read: " + e.getMessage(), otherwise);
        }
    }

    private static Optional<Path> nearestThatExists(Path folder) {
        Path candidate = folder.toAbsolutePath();
        while (candidate != null && Files.notExists(candidate)) {
            candidate = candidate.getParent();
        }
        return Optional.ofNullable(candidate);
    }
}
