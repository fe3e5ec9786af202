/**
 * The project's own kernels for GPUs, as they are compiled, started and recorded: addresses and numbers go in. Knows nothing of
 * tensors. The interfaces are what tests put an emulation behind; the Cuda classes are a GPU. Start reading at {@link
 * io.sparkvlm.torch.gpu.Gpu}.
 */
package io.sparkvlm.torch.gpu;
