package io.sparkvlm.job.doctor;

import io.sparkvlm.torch.device.DeviceMemory;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.NativeLibraries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What is read of a machine and its Java.
 *
 * @param freeBytes memory that could be had, no more than the container's limit leaves; empty where nothing says it
 * @param cache the folder that native libraries are unpacked to
 * @param temporary the folder for what tasks keep for a while
 * @param nvidiaDriver how the NVIDIA driver names itself; empty where there is none
 */
public record Machine(
        int javaFeature,
        String javaVendor,
        OptionalLong freeBytes,
        Path cache,
        Path temporary,
        Optional<String> nvidiaDriver,
        Map<String, String> environment) {
    private static final Path NVIDIA_DRIVER = Path.of("/proc/driver/nvidia/version");

    public static Machine ofThisProcess() {
        return new Machine(
                Runtime.version().feature(),
                System.getProperty("java.vendor"),
                readable(() -> DeviceMemory.freeBytes(DeviceSpec.CPU)),
                NativeLibraries.cacheFolder(),
                Path.of(System.getProperty("java.io.tmpdir")),
                firstLine(NVIDIA_DRIVER),
                System.getenv());
    }

    /** The engine needs no number of this if it is told another, so a machine that does not tell it is no broken one. */
    static OptionalLong readable(LongSupplier freeBytes) {
        try {
            return OptionalLong.of(freeBytes.getAsLong());
        } catch (UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    private static Optional<String> firstLine(Path file) {
        try {
            return Files.readAllLines(file).stream().findFirst();
        } catch (IOException e) {
            return Optional.empty(); // no driver, or one that says nothing of itself
        }
    }
}
