package io.sparkvlm.torch.natives;

import java.io.IOException;
import java.net.URL;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * The builds of libtorch that may be on the class path. A jar can hold both; a process loads one.
 *
 * <p>JavaCPP keeps the CUDA build in a folder of its own, whose name has the extension {@code -gpu}, and would look into
 * that folder first.
 */
public enum TorchBuild {
    CPU(""),
    CUDA("-gpu");

    private static final String EXTENSION_PROPERTY = "org.bytedeco.javacpp.platform.extension";

    private final String extension;

    TorchBuild(String extension) {
        this.extension = extension;
    }

    /** Whether its natives are on the class path. */
    public boolean isPacked() {
        return TorchBuild.class.getResource(folder() + "libjnitorch.so") != null;
    }

    /** Makes JavaCPP look for this build, before the first of its classes is loaded and for the process's life. */
    void choose() throws IOException {
        System.setProperty(EXTENSION_PROPERTY, extension);
        Loader.loadProperties(true); // it has kept those of another library that was loaded before
        for (String library : unpackedFirst()) {
            URL resource = TorchBuild.class.getResource(folder() + library);
            if (resource != null) {
                Loader.cacheResource(resource);
            }
        }
    }

    /**
     * Libraries that must lie in the cache before one is loaded. JavaCPP unpacks them one by one as it loads them; a CUDA
     * library that does not find its neighbour yet fails, and JavaCPP then loads the CPU build's, which aborts the process.
     */
    private List<String> unpackedFirst() {
        return switch (this) {
            case CPU -> List.of();
            case CUDA ->
                List.of(
                        "libgomp.so.1",
                        "libc10.so",
                        "libc10_cuda.so",
                        "libtorch_cpu.so",
                        "libtorch_cuda.so",
                        "libtorch_cuda_linalg.so",
                        "libtorch.so");
        };
    }

    private String folder() {
        return "/org/bytedeco/pytorch/linux-x86_64" + extension + "/";
    }
}
