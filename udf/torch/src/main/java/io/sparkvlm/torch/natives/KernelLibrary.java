package io.sparkvlm.torch.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the project's own kernels from the class path.
 *
 * <p>Static, because a process loads a native library once. Thread-safe.
 */
public final class KernelLibrary {
    /** {@code false} leaves everything to libtorch; an {@link InstructionSet} is the largest that kernels may use. */
    private static final String SWITCH = "sparkvlm.kernels";

    private static final String RESOURCE = "linux-x86_64/libsparkvlm-kernels.so";
    private static final Logger LOG = LoggerFactory.getLogger(KernelLibrary.class);

    private KernelLibrary() {}

    /** Why it could not be loaded; empty where it could, or was not wanted. */
    public static Optional<String> failure() {
        return Loaded.FAILURE;
    }

    /** Whether own kernels are to take libtorch's place at all. */
    public static boolean isWanted() {
        return Loaded.WANTED;
    }

    /** What they may use at most, of what the processor has. */
    static InstructionSet mostInstructions() {
        return Loaded.MOST;
    }

    /** Whether the process names no set of instructions. */
    static boolean leavesTheSet() {
        return Loaded.LEAVES_THE_SET;
    }

    /** Whether it is there; the first call loads it, and where it cannot be loaded the log says why. */
    static boolean isLoaded() {
        return Loaded.WANTED && Loaded.FAILURE.isEmpty();
    }

    /** Loads at its first use. */
    private static final class Loaded {
        static final boolean LEAVES_THE_SET = System.getProperty(SWITCH, "true").equalsIgnoreCase("true");
        static final InstructionSet MOST = InstructionSet.parse(System.getProperty(SWITCH, "true"));
        static final boolean WANTED = MOST != InstructionSet.NONE;
        static final Optional<String> FAILURE = WANTED ? load() : Optional.empty();

        private static Optional<String> load() {
            NativeLibraries.load(NativeLibrary.PYTORCH); // whose tensors it reads; the cache has a folder then
            try {
                System.load(unpacked().toString());
                return Optional.empty();
            } catch (IOException | LinkageError e) {
                LOG.warn("No kernels, libtorch takes their place: they could not be loaded", e);
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }

    /** A file that is named by its content, so that any number of processes may write it at once. */
    private static Path unpacked() throws IOException {
        byte[] library;
        try (InputStream stream = KernelLibrary.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IOException("the class path lacks " + RESOURCE);
            }
            library = stream.readAllBytes();
        }
        Path file = NativeLibraries.cacheFolder().resolve("kernels-" + UUID.nameUUIDFromBytes(library) + ".so");
        if (Files.notExists(file)) {
            Path half = Files.createTempFile(file.getParent(), "kernels", ".part");
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
