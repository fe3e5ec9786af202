package io.sparkvlm.torch;

import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads one operator may use on the CPU.
 *
 * <p>Static, because libtorch's and OpenBLAS's thread pools belong to the process.
 */
public final class TorchThreads {
    private TorchThreads() {}

    /** Bounds both pools: libtorch's setting alone does not bind OpenBLAS. */
    public static void use(int threads) {
        NativeLibraries.load(NativeLibrary.PYTORCH);
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
    }
}
