/**
 * All layers of a language model at once, where the project's own kernels compute all of their operators. Hidden states and a cache
 * go in, hidden states come out. Start reading at {@link io.sparkvlm.torch.decoder.KernelDecoder}, and for a GPU at {@link
 * io.sparkvlm.torch.decoder.GpuDecoder}.
 */
package io.sparkvlm.torch.decoder;
