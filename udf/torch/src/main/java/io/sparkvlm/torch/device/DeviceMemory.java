package io.sparkvlm.torch.device;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.global.torch_cuda;

/** Tells how much memory of a device is free, and gives back what libtorch keeps. */
public final class DeviceMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private DeviceMemory() {}

    /** Bytes; on the CPU what the kernel could hand out, but no more than the container's limit leaves. */
    public static long freeBytes(DeviceSpec device) {
        return switch (device.kind()) {
            case CPU -> Math.min(availableBytes(), freeOfContainerBytes());
            case CUDA -> freeOfGpuBytes(device.index());
        };
    }

    /** Gives memory that libtorch keeps for later tensors back to the device. */
    public static void giveBackUnused(DeviceSpec device) {
        switch (device.kind()) {
            case CPU -> {} // its allocator keeps nothing
            case CUDA -> torch_cuda.getAllocator().emptyCache();
        }
    }

    /** Whether something failed for want of memory; libtorch has no type of its own for that on every device. */
    public static boolean ranOut(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof OutOfMemoryError
                || message.contains("out of memory")
                || message.contains("can't allocate memory");
    }

    private static long freeOfGpuBytes(int index) {
        try (SizeTPair freeAndTotal = torch_cuda.getAllocator().getMemoryInfo((byte) index)) {
            return freeAndTotal.first();
        }
    }

    /** The free memory that Java reports counts no page cache, so it is believed only where it knows a container. */
    private static long freeOfContainerBytes() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        return total < totalBytes() ? system.getFreeMemorySize() : Long.MAX_VALUE;
    }

    private static long totalBytes() {
        return meminfoBytes("MemTotal:");
    }

    private static long availableBytes() {
        return meminfoBytes("MemAvailable:");
    }

    private static long meminfoBytes(String field) {
        try (Stream<String> lines = Files.lines(MEMINFO)) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException("free memory could not be read; set --kv-cache-memory-bytes", e);
        }
    }
}
