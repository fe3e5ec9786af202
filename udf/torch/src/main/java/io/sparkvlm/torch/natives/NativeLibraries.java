package io.sparkvlm.torch.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * Loads native libraries so that neither two JVMs starting at once nor one killed half-way through unpacking can break a
 * later start.
 *
 * <p>JavaCPP unpacks a library into a cache that all JVMs of a user share. Without a lock, two that unpack at once crash
 * with SIGBUS; after a kill, a file that is half there crashes every later start. So a load holds a file lock, and a
 * marker, taken away while it lasts, says that a library's files are whole; files without their marker are thrown away.
 *
 * <p>Static, because a process can load a native library once only. Thread-safe.
 */
public final class NativeLibraries {
    private static volatile Set<NativeLibrary> loaded = Set.of();

    private NativeLibraries() {}

    /**
     * Loads the library unless it is loaded already. The cache lies in {@code $SPARKVLM_CACHE}, else in {@code
     * $XDG_CACHE_HOME/sparkvlm}, else in {@code ~/.cache/sparkvlm}, else in the temporary folder.
     *
     * @throws UncheckedIOException when the cache cannot be written
     * @throws LinkageError when the library does not fit this machine
     * @throws MissingDeviceException when the CUDA build is asked for and cannot be had on this machine
     */
    public static void load(NativeLibrary library) {
        if (loaded.contains(library)) {
            return;
        }
        synchronized (NativeLibraries.class) {
            if (loaded.contains(library)) {
                return;
            }
            if (library == NativeLibrary.PYTORCH && !TorchBuild.CPU.isPacked() && TorchBuild.CUDA.isPacked()) {
                load(NativeLibrary.PYTORCH_CUDA);
                return;
            }
            if (library == NativeLibrary.PYTORCH_CUDA) {
                requireCudaBuild();
            }
            // JavaCPP's memory check adds up the whole process, weights and caches of other threads included, and
            // throws an Error when that passes the heap's size.
            System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
            try {
                loadUnderLock(library, cacheFolder());
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "native libraries could not be unpacked; set SPARKVLM_CACHE to a folder"
                                + " that can be written",
                        e);
            }
            loaded = Stream.concat(loaded.stream(), library.brings().stream()).collect(Collectors.toUnmodifiableSet());
        }
    }

    private static void requireCudaBuild() {
        if (!TorchBuild.CUDA.isPacked()) {
            throw new MissingDeviceException(
                    "a CUDA device needs the jar that ./mvnw -Pcuda package makes: this one holds"
                            + " libtorch for the CPU only");
        }
        if (loaded.contains(NativeLibrary.PYTORCH)) {
            throw new MissingDeviceException(
                    "a CUDA device needs libtorch's CUDA build, and this process has loaded the"
                            + " CPU build already; start another");
        }
    }

    private static void loadUnderLock(NativeLibrary library, Path cache) throws IOException {
        Files.createDirectories(cache);
        try (FileChannel channel = FileChannel.open(
                        cache.resolve("sparkvlm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            System.setProperty("org.bytedeco.javacpp.cachedir", cache.toString());
            if (library == NativeLibrary.PYTORCH_CUDA) {
                CudaLibraries.open(); // or throws, before anything is taken for half unpacked
            }
            UnpackedPresets unpacked = new UnpackedPresets(cache);
            for (String preset : library.presets()) {
                unpacked.begin(preset);
            }
            switch (library) {
                case PYTORCH -> TorchBuild.CPU.choose();
                case PYTORCH_CUDA -> TorchBuild.CUDA.choose();
                case OPENCV, FFMPEG, NCCL, NVRTC, CUBLAS -> {} // one build each
            }
            for (String presetClass : library.presetClasses()) {
                Loader.load(Class.forName(presetClass));
            }
            for (String preset : library.presets()) {
                unpacked.complete(preset);
            }
        } catch (ClassNotFoundException e) {
            throw new NoClassDefFoundError("the class path lacks " + e.getMessage());
        }
    }

    /** Where unpacked libraries lie, for this process and others that are told. */
    public static Path cacheFolder() {
        String chosen = System.getProperty("org.bytedeco.javacpp.cachedir");
        if (chosen != null) {
            return Path.of(chosen);
        }
        List<Path> candidates = Stream.of(
                        Path.of(environment("SPARKVLM_CACHE", "")),
                        Path.of(environment("XDG_CACHE_HOME", ""), "sparkvlm"),
                        Path.of(System.getProperty("user.home"), ".cache", "sparkvlm"),
                        Path.of(System.getProperty("java.io.tmpdir"), "sparkvlm-" + System.getProperty("user.name")))
                .filter(Path::isAbsolute)
                .toList();
        for (Path candidate : candidates) {
            Path natives = candidate.resolve("natives");
            try {
                Files.createDirectories(natives);
            } catch (IOException e) {
                continue; // not this one: the next candidate may be writable
            }
            if (Files.isWritable(natives)) {
                return natives;
            }
        }
        return candidates.get(candidates.size() - 1).resolve("natives");
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : value;
    }

    /** Which presets' files lie whole in the cache. */
    static final class UnpackedPresets {
        private final Path cache;

        UnpackedPresets(Path cache) {
            this.cache = cache;
        }

        /** Takes the marker away; without one, another process died in between, so its files are thrown away. */
        void begin(String preset) throws IOException {
            if (Files.deleteIfExists(marker(preset))) {
                return;
            }
            // <cache>/<jar's name>/org/bytedeco/<preset>/<platform>/<files>
            try (Stream<Path> jars = Files.list(cache)) {
                for (Path jar : jars.filter(Files::isDirectory).toList()) {
                    deleteRecursively(jar.resolve("org/bytedeco").resolve(preset));
                }
            }
        }

        void complete(String preset) throws IOException {
            Files.createFile(marker(preset));
        }

        private Path marker(String preset) {
            return cache.resolve(preset + ".complete");
        }

        private static void deleteRecursively(Path folder) throws IOException {
            if (!Files.exists(folder)) {
                return;
            }
            try (Stream<Path> tree = Files.walk(folder)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
