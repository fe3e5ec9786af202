package io.sparkvlm.torch.gpu;

import org.bytedeco.cuda.global.cudart;

/** CUDA, or a library of its, has refused something. */
final class CudaFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    CudaFailure(String message) {
        super(message);
    }

    /**
     * Throws where the result of a call is an error.
     *
     * @param result of cudart.h, which numbers its errors as cuda.h does
     */
    static void check(String what, int result) {
        if (result != 0) {
            cudart.cudaGetLastError(); // or libtorch takes it for a failure of its own next kernel
            throw new CudaFailure("CUDA could not " + what + ": "
                    + cudart.cudaGetErrorString(result).getString() + " (error " + result + ")");
        }
    }
}
