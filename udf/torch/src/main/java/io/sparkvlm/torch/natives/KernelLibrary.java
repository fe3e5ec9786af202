package io.sparkvlm.torch.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a library of the project's own kernels from the class path.
 *
 * <p>Static, because a process loads a native library once. Thread-safe.
 */
public final class KernelLibrary {
    /** {@code false} leaves everything to libtorch. */
    private static final String SWITCH = "sparkvlm.kernels";

    private static final Logger LOG = LoggerFactory.getLogger(KernelLibrary.class);

    private static final Map<String, String> FAILURES = new ConcurrentHashMap<>();

    private KernelLibrary() {}

    /** Why the library of this name, which something has asked for, could not be loaded; empty where it could, or was not wanted. */
    public static Optional<String> failure(String name) {
        return Optional.ofNullable(FAILURES.get(name));
    }

    /** Whether the library of this name is loaded now; where it cannot be, the log says why. */
    static boolean load(String name) {
        if (!Boolean.parseBoolean(System.getProperty(SWITCH, "true"))) {
            LOG.info("No kernels of {}: {} is false", name, SWITCH);
            return false;
        }
        NativeLibraries.load(NativeLibrary.PYTORCH); // whose tensors it reads; the cache has a folder then
        try {
            System.load(unpacked(name).toString());
            return true;
        } catch (IOException | LinkageError e) {
            FAILURES.put(name, String.valueOf(e.getMessage()));
            LOG.warn("No kernels of {}, libtorch takes their place: they could not be loaded", name, e);
            return false;
        }
    }

    /** A file that is named by its content, so that any number of processes may write it at once. */
    private static Path unpacked(String name) throws IOException {
        String resource = "linux-x86_64/libsparkvlm-" + name + ".so";
        byte[] library;
        try (InputStream stream = KernelLibrary.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IOException("the class path lacks " + resource);
            }
            library = stream.readAllBytes();
        }
        Path file = NativeLibraries.cacheFolder().resolve(name + "-" + UUID.nameUUIDFromBytes(library) + ".so");
        if (Files.notExists(file)) {
            Path half = Files.createTempFile(file.getParent(), name, ".part");
            Files.write(half, library);
            move(half, file);
        }
        return file;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
