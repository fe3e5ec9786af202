package io.sparkvlm.torch.gpu;

/** Kernels that are compiled for one GPU. */
public interface GpuProgram {
    /**
     * Starts a kernel after all that was started before, and does not wait for it.
     *
     * @param threads of a block, a multiple of 32
     * @param arguments the fields of the kernel's one argument: addresses, numbers of 64 bits, and doubles by their bits
     */
    void launch(String kernel, Grid blocks, int threads, long... arguments);

    /** Blocks of threads along each axis. */
    record Grid(long x, long y, long z) {
        /** As many as have a thread for each item. */
        public static Grid ofItems(long items, int threads) {
            return new Grid((items + threads - 1) / threads, 1, 1);
        }
    }
}
