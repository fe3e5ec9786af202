package io.sparkvlm.torch.gpu;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;

/**
 * What starts after what on a GPU.
 *
 * @param handle CUDA's; null for its default stream
 */
record CudaStream(CUstream_st handle) {
    /** libtorch computes on CUDA's default stream. */
    static final CudaStream LIBTORCHS = new CudaStream(null);

    /** One whose work is only recorded, of the current GPU: the default stream's cannot be, nor what others on it wait for. */
    static CudaStream forRecording() {
        CUstream_st handle = new CUstream_st();
        CudaFailure.check("create a stream", cudart.cuStreamCreate(handle, cudart.CU_STREAM_NON_BLOCKING));
        return new CudaStream(handle);
    }
}
