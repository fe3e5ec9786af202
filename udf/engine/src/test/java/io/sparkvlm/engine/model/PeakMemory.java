package io.sparkvlm.engine.model;

import io.sparkvlm.torch.device.DeviceMemory;
import io.sparkvlm.torch.device.DeviceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Measures the most that work held of a device's memory beside what was held before. */
final class PeakMemory {
    /** Lets Linux's high-water mark begin anew: proc_pid_clear_refs(5). */
    private static final String RESET_PEAK = "5";

    private PeakMemory() {}

    /** Bytes; on the CPU with what the Java heap grew by. */
    static long of(DeviceSpec device, Runnable work) throws IOException {
        return switch (device.kind()) {
            case CPU -> {
                Files.writeString(Path.of("/proc/self/clear_refs"), RESET_PEAK);
                long before = ofProcess("VmRSS:");
                work.run();
                yield ofProcess("VmHWM:") - before;
            }
            case CUDA -> {
                work.run(); // what libraries take at their first use stays
                DeviceMemory.giveBackUnused(device);
                long before = DeviceMemory.freeBytes(device);
                work.run();
                yield before - DeviceMemory.freeBytes(device); // libtorch keeps what was freed
            }
        };
    }

    private static long ofProcess(String field) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
