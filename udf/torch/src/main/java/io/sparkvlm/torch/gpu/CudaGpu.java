package io.sparkvlm.torch.gpu;

import io.sparkvlm.torch.natives.KernelLibrary;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels for one GPU, compiled when they are first wanted, within some tenths of a second, by the compiler that comes with CUDA.
 *
 * <p>Static instances, because a program stays loaded as long as the process lives. Thread-safe.
 */
public final class CudaGpu implements Gpu {
    private static final Logger LOG = LoggerFactory.getLogger(CudaGpu.class);
    private static final Map<Integer, CudaGpu> OF_DEVICES = new ConcurrentHashMap<>();

    private final int device;
    private final Map<Key, Optional<CudaProgram>> programs = new ConcurrentHashMap<>();

    private CudaGpu(int device) {
        this.device = device;
    }

    private record Key(String file, Map<String, Integer> constants) {}

    /**
     * Those of a GPU, of which nothing is asked before a program is.
     *
     * @param device CUDA's number of it
     */
    public static CudaGpu of(int device) {
        return OF_DEVICES.computeIfAbsent(device, CudaGpu::new);
    }

    @Override
    public Optional<GpuProgram> program(String file, Map<String, Integer> constants) {
        return onStream(file, constants, CudaStream.LIBTORCHS);
    }

    Optional<GpuProgram> onStream(String file, Map<String, Integer> constants, CudaStream stream) {
        return programs.computeIfAbsent(new Key(file, Map.copyOf(constants)), this::compiled)
                .map(program -> program.on(stream));
    }

    @Override
    public Optional<GpuGraphs> openGraphs() {
        try {
            return Optional.of(new CudaGraphs(this, device));
        } catch (CudaFailure | LinkageError | UncheckedIOException e) {
            LOG.warn("No graphs on cuda:{}, a step's operators are started one by one", device, e);
            return Optional.empty();
        }
    }

    private Optional<CudaProgram> compiled(Key key) {
        if (!KernelLibrary.isWanted()) {
            return Optional.empty();
        }
        try {
            byte[] binary = CudaCompiler.compile(key.file, key.constants, CudaProgram.architecture(device));
            return Optional.of(CudaProgram.load(binary, device));
        } catch (CudaFailure | LinkageError | UncheckedIOException e) {
            LOG.warn("No kernels of {} on cuda:{}, libtorch takes their place", key.file, device, e);
            return Optional.empty();
        }
    }
}
