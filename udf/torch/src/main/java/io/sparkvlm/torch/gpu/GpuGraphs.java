package io.sparkvlm.torch.gpu;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Starts work on a GPU piece by piece and records it, so that one call starts it again: to start a kernel takes longer than a small
 * step's kernel. For one thread.
 */
public interface GpuGraphs extends AutoCloseable {
    /** What products work in: what cuBLAS asks for on the largest GPUs. */
    long WORKSPACE_BYTES = 32L << 20;

    /**
     * Starts the work, and records it.
     *
     * @param work is given what it starts its pieces with; called several times, it must start the same
     * @return what starts the same work, on what then lies at the same addresses; empty where the work could not be started
     */
    Optional<GpuGraph> start(Consumer<GpuWork> work);

    @Override
    void close();
}
