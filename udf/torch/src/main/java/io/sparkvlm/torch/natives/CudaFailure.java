package io.sparkvlm.torch.natives;

/** CUDA or its compiler has refused something. */
final class CudaFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    CudaFailure(String message) {
        super(message);
    }
}
