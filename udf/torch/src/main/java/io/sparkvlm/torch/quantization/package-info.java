/**
 * Products with weights of 8 or 4 bits. A matrix goes in and is rounded; an operator that multiplies with what it became comes
 * out, by the project's own kernels or by libtorch. Start reading at {@link io.sparkvlm.torch.quantization.Quantization} and
 * {@link io.sparkvlm.torch.quantization.QuantizedLinear}.
 */
package io.sparkvlm.torch.quantization;
