package io.sparkvlm.torch.natives;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;

/**
 * The libraries of NVIDIA that libtorch's CUDA build is linked with. They are not packed: the driver comes with the
 * machine, and CUDA, cuDNN and NCCL come with an image, Python wheels or system packages.
 */
public final class CudaLibraries {
    /** Files that NVIDIA's driver makes, the second under WSL. */
    private static final List<Path> DRIVER_FILES =
            List.of(Path.of("/dev/nvidiactl"), Path.of("/usr/lib/wsl/lib/libcuda.so.1"));

    /** The start of dlerror's text: the library that was not found, be it the one asked for or one that it needs. */
    private static final Pattern NOT_FOUND = Pattern.compile("(lib\\S+\\.so\\S*): cannot open shared object file");

    public static final String DRIVER = "NVIDIA's driver 580 or later";

    /**
     * What {@code readelf -d} names in the libraries of the packed libtorch, and the compiler that they open at run time;
     * those that others need first.
     */
    private static final List<Needed> NEEDED = List.of(
            new Needed("libcuda.so.1", DRIVER),
            new Needed("libcudart.so.13", "nvidia-cuda-runtime"),
            new Needed("libcupti.so.13", "nvidia-cuda-cupti"),
            new Needed("libnvJitLink.so.13", "nvidia-nvjitlink"),
            new Needed("libnvrtc.so.13", "nvidia-cuda-nvrtc"),
            new Needed("libcublasLt.so.13", "nvidia-cublas"),
            new Needed("libcublas.so.13", "nvidia-cublas"),
            new Needed("libcusparse.so.12", "nvidia-cusparse"),
            new Needed("libcusolver.so.12", "nvidia-cusolver"),
            new Needed("libcufft.so.12", "nvidia-cufft"),
            new Needed("libcurand.so.10", "nvidia-curand"),
            new Needed("libcufile.so.0", "nvidia-cufile"),
            new Needed("libnccl.so.2", "nvidia-nccl-cu13"),
            new Needed("libcudnn.so.9", "nvidia-cudnn-cu13"),
            new Needed("libcudnn_graph.so.9", "nvidia-cudnn-cu13"),
            new Needed("libcudnn_ops.so.9", "nvidia-cudnn-cu13"),
            new Needed("libcudnn_cnn.so.9", "nvidia-cudnn-cu13"),
            new Needed("libcudnn_adv.so.9", "nvidia-cudnn-cu13"));

    private CudaLibraries() {}

    /** @param bringer the Python wheel that has the library, or the driver */
    private record Needed(String library, String bringer) {}

    /** Whether this machine has NVIDIA's driver; says nothing of CUDA. */
    public static boolean driverIsThere() {
        return DRIVER_FILES.stream().anyMatch(Files::exists);
    }

    /**
     * Opens them all, so that libtorch finds them in the process.
     *
     * @throws MissingDeviceException naming those that cannot be opened
     */
    static void open() {
        open(Loader::loadGlobal);
    }

    /** @param opener throws an {@link UnsatisfiedLinkError} with dlerror's text */
    static void open(Consumer<String> opener) {
        Map<String, String> missing = new LinkedHashMap<>(); // library to bringer
        for (Needed needed : NEEDED) {
            try {
                opener.accept(needed.library());
            } catch (UnsatisfiedLinkError e) {
                String library = notFound(e);
                missing.putIfAbsent(library, bringer(library));
            }
        }
        if (!missing.isEmpty()) {
            throw new MissingDeviceException("a CUDA device needs libraries that this machine lacks or that are not on"
                    + " LD_LIBRARY_PATH: " + sentence(missing)
                    + "; docs/gpu.md says how to have them, and --device cpu does without");
        }
    }

    /** The library that the dynamic linker did not find; its whole text where it found another fault. */
    private static String notFound(UnsatisfiedLinkError error) {
        Matcher matcher = NOT_FOUND.matcher(String.valueOf(error.getMessage()));
        return matcher.find() ? matcher.group(1) : error.getMessage();
    }

    private static String bringer(String library) {
        return NEEDED.stream()
                .filter(needed -> needed.library().equals(library))
                .map(Needed::bringer)
                .findFirst()
                .orElse("a system package");
    }

    /** {@code libcudart.so.13 (nvidia-cuda-runtime), libcublasLt.so.13 and libcublas.so.13 (nvidia-cublas)} */
    private static String sentence(Map<String, String> missing) {
        Map<String, List<String>> byBringer = missing.keySet().stream()
                .collect(Collectors.groupingBy(missing::get, LinkedHashMap::new, Collectors.toList()));
        return byBringer.entrySet().stream()
                .map(entry -> String.join(" and ", entry.getValue()) + " (" + entry.getKey() + ")")
                .collect(Collectors.joining(", "));
    }
}
