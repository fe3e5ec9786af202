package io.sparkvlm.torch.gpu;

/** Work on a GPU that one call starts. */
public interface GpuGraph extends AutoCloseable {
    /** Starts all of it after all that was started before, and does not wait for it. */
    void start();

    @Override
    void close();
}
