/**
 * Products with weights of 8 or 4 bits. A matrix goes in and is rounded, or one that was published quantized is unpacked; an
 * operator that multiplies with what it became comes out, by the project's own kernels or by libtorch. Start reading at {@link io.sparkvlm.torch.quantization.Quantization},
 * {@link io.sparkvlm.torch.quantization.PackedMatrix} and {@link io.sparkvlm.torch.quantization.QuantizedLinear}.
 */
package io.sparkvlm.torch.quantization;
