package io.sparkvlm.torch.natives;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;

/** A binary of kernels that is loaded on a GPU, for as long as the process lives. Thread-safe. */
final class CudaProgram implements GpuProgram {
    private final CUmod_st loaded;
    private final int device;
    private final Map<String, CUfunc_st> kernels = new ConcurrentHashMap<>();

    private CudaProgram(CUmod_st loaded, int device) {
        this.loaded = loaded;
        this.device = device;
    }

    /** As {@code sm_90}. */
    static String architecture(int device) {
        int[] major = new int[1];
        int[] minor = new int[1];
        check(
                "ask for what a GPU is",
                cudart.cudaDeviceGetAttribute(major, cudart.cudaDevAttrComputeCapabilityMajor, device));
        check(
                "ask for what a GPU is",
                cudart.cudaDeviceGetAttribute(minor, cudart.cudaDevAttrComputeCapabilityMinor, device));
        return "sm_" + major[0] + minor[0];
    }

    /** @throws CudaFailure where the GPU does not take it */
    static CudaProgram load(byte[] binary, int device) {
        check("choose a GPU", cudart.cudaSetDevice(device));
        CUmod_st loaded = new CUmod_st();
        try (BytePointer bytes = new BytePointer(binary)) {
            check("load a program", cudart.cuModuleLoadData(loaded, bytes));
        }
        return new CudaProgram(loaded, device);
    }

    /** On the stream that libtorch computes on, which is CUDA's default one. */
    @Override
    public void launch(String kernel, Grid blocks, int threads, long... arguments) {
        check(
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
                    null, // the default stream
                    argument,
                    null);
            check("start " + kernel, result);
        }
    }

    private CUfunc_st function(String kernel) {
        CUfunc_st function = new CUfunc_st();
        check("find " + kernel, cudart.cuModuleGetFunction(function, loaded, kernel));
        return function;
    }

    private static void check(String what, int result) {
        if (result != 0) {
            // cudart.h numbers its errors as cuda.h does
            throw new CudaFailure("CUDA could not " + what + ": "
                    + cudart.cudaGetErrorString(result).getString() + " (error " + result + ")");
        }
    }
}
