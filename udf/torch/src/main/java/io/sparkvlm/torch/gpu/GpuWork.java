package io.sparkvlm.torch.gpu;

/** What is started on a GPU, one after the other: the project's own kernels, and products of matrices. */
public interface GpuWork extends GpuPrograms {
    /** Starts a product after all that was started before, and does not wait for it. */
    void multiply(GpuProduct product);
}
