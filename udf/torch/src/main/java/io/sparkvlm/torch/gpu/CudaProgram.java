package io.sparkvlm.torch.gpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;

/** A binary of kernels that is loaded on a GPU, for as long as the process lives, and a stream that they start on. Thread-safe. */
final class CudaProgram implements GpuProgram {
    private final CUmod_st loaded;
    private final int device;
    private final CudaStream stream;
    private final Map<String, CUfunc_st> kernels;

    private CudaProgram(CUmod_st loaded, int device, CudaStream stream, Map<String, CUfunc_st> kernels) {
        this.loaded = loaded;
        this.device = device;
        this.stream = stream;
        this.kernels = kernels;
    }

    /** As {@code sm_90}. */
    static String architecture(int device) {
        int[] major = new int[1];
        int[] minor = new int[1];
        CudaFailure.check(
                "ask for what a GPU is",
                cudart.cudaDeviceGetAttribute(major, cudart.cudaDevAttrComputeCapabilityMajor, device));
        CudaFailure.check(
                "ask for what a GPU is",
                cudart.cudaDeviceGetAttribute(minor, cudart.cudaDevAttrComputeCapabilityMinor, device));
        return "sm_" + major[0] + minor[0];
    }

    /**
     * Kernels that start on the stream that libtorch computes on.
     *
     * @throws CudaFailure where the GPU does not take it
     */
    static CudaProgram load(byte[] binary, int device) {
        CudaFailure.check("choose a GPU", cudart.cudaSetDevice(device));
        CUmod_st loaded = new CUmod_st();
        try (BytePointer bytes = new BytePointer(binary)) {
            CudaFailure.check("load a program", cudart.cuModuleLoadData(loaded, bytes));
        }
        return new CudaProgram(loaded, device, CudaStream.LIBTORCHS, new ConcurrentHashMap<>());
    }

    /** The same kernels, starting on another stream. */
    CudaProgram on(CudaStream other) {
        return new CudaProgram(loaded, device, other, kernels);
    }

    @Override
    public void launch(String kernel, Grid blocks, int threads, long... arguments) {
        CudaFailure.check(
                "choose a GPU",
                cudart.cudaSetDevice(device)); // of this thread; libtorch names it for each operator of its own
        CUfunc_st function = kernels.computeIfAbsent(kernel, this::function);
        try (LongPointer fields = new LongPointer(arguments);
                PointerPointer<LongPointer> argument = new PointerPointer<>(new LongPointer[] {fields})) {
            int result = cudart.cuLaunchKernel(
                    function,
                    Math.toIntExact(blocks.x()),
                    Math.toIntExact(blocks.y()),
                    Math.toIntExact(blocks.z()),
                    threads,
                    1,
                    1,
                    0,
                    stream.handle(),
                    argument,
                    null);
            CudaFailure.check("start " + kernel, result);
        }
    }

    private CUfunc_st function(String kernel) {
        CUfunc_st function = new CUfunc_st();
        CudaFailure.check("find " + kernel, cudart.cuModuleGetFunction(function, loaded, kernel));
        return function;
    }
}
