package io.sparkvlm.torch.gpu;

import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Products of matrices by NVIDIA's cuBLAS, on the GPU that is current when it is made. For one thread. */
final class CudaProducts implements AutoCloseable {
    private final cublasContext context = new cublasContext();
    private final Pointer workspace = new Pointer();
    private final FloatPointer one = outOfScopes(1f);
    private final FloatPointer zero = outOfScopes(0f);

    /** @throws CudaFailure where cuBLAS, or memory for it, cannot be had */
    CudaProducts() {
        NativeLibraries.load(NativeLibrary.CUBLAS);
        check("begin", cublas.cublasCreate_v2(context));
        try {
            CudaFailure.check("take memory for products", cudart.cudaMalloc(workspace, GpuGraphs.WORKSPACE_BYTES));
            check(
                    "choose its sums",
                    cublas.cublasSetMathMode(context, cublas.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION));
        } catch (CudaFailure e) {
            close();
            throw e;
        }
    }

    private static FloatPointer outOfScopes(float number) {
        FloatPointer kept = new FloatPointer(number);
        kept.retainReference();
        return kept;
    }

    /** What is multiplied from now on starts on the stream. */
    void use(CudaStream stream) {
        check("change to a stream", cublas.cublasSetStream_v2(context, stream.handle()));
        // another stream makes it forget its memory; each graph would then take some of its own
        check("take memory", cublas.cublasSetWorkspace_v2(context, workspace, GpuGraphs.WORKSPACE_BYTES));
    }

    /** cuBLAS reads matrices column by column: rows of ours are its columns. */
    void multiply(GpuProduct product) {
        int outputs = Math.toIntExact(product.outputs());
        int inputs = Math.toIntExact(product.inputs());
        FloatPointer before = product.result() == GpuProduct.Result.ADDED ? one : zero;
        int type = product.result() == GpuProduct.Result.WHOLE ? cudart.CUDA_R_32F : cudart.CUDA_R_16BF;
        check(
                "multiply",
                cublas.cublasGemmEx(
                        context,
                        cublas.CUBLAS_OP_T,
                        cublas.CUBLAS_OP_N,
                        outputs,
                        Math.toIntExact(product.rows()),
                        inputs,
                        one,
                        at(product.weight()),
                        cudart.CUDA_R_16BF,
                        inputs,
                        at(product.input()),
                        cudart.CUDA_R_16BF,
                        inputs,
                        before,
                        at(product.output()),
                        type,
                        outputs,
                        cublas.CUBLAS_COMPUTE_32F,
                        cublas.CUBLAS_GEMM_DEFAULT));
    }

    private static Pointer at(long address) {
        return new Address(address);
    }

    private static void check(String what, int result) {
        if (result != cublas.CUBLAS_STATUS_SUCCESS) {
            throw new CudaFailure("cuBLAS could not " + what + ": "
                    + cublas.cublasGetStatusString(result).getString());
        }
    }

    @Override
    public void close() {
        cublas.cublasDestroy_v2(context);
        cudart.cudaFree(workspace);
        one.releaseReference();
        zero.releaseReference();
    }

    /** Memory that is another's. */
    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }
}
